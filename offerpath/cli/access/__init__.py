"""Commands about who may ask for what, and who did."""
