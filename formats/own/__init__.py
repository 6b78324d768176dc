"""Our own files: one bundle in JSON, or two in CSV (docs/formats.md)."""
