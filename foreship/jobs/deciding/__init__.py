"""Jobs of planners: another plan by way of trial, an approval, a release."""
