"""Work that takes a while: its turns, its progress, and what followers are told."""
