"""Frozen records that use cases and stores exchange; none of them has behaviour."""
