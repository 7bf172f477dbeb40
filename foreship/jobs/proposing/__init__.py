"""A first `foreship.toml` from raw exports: what is certain is written, the rest is asked."""
