"""The network as the judge sees it: where units may lie, what they cost, how to be rid of them."""
