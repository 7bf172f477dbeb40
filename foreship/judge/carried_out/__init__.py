"""How a plan is carried out: what leaves when, where it lands, and which limits it breaks."""
