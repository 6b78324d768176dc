"""Commands about plans: made, saved, decided on, followed."""
