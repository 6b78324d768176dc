"""Answers about moves between offers, as pure functions of data: no clock, no I/O, no async."""
