"""Jobs of planners: an approval, a release."""
