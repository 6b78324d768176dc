"""The codes of all that is answered instead of a value, and what is said of each."""
