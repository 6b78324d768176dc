"""What a plan has to keep: how it is written down, and whether it still holds."""
