"""Commands about customers, what they hold and where it can go."""
