"""Commands that set up, look after and serve an installation."""
