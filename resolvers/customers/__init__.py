"""Questions about customers and what they hold, one at a time or all of a portfolio."""
