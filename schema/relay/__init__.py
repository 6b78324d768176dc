"""Relay's conventions: global ids, connections and their cursors."""
