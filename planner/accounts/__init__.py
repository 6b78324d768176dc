"""Users with their licences, and what a move or a plan means for them."""
