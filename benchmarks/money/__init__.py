"""Was planning with foreship worth it, in money? See README.md."""
