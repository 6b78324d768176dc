"""Plans proved by other means: a toy Partner Center, and a search that tries everything."""
