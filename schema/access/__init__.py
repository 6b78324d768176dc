"""Who asks, and what that may: the viewer, API keys, the audit, long work."""
