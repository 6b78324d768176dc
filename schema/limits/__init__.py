"""What a request may cost: its size, its fields, its time, and its partner's rate."""
