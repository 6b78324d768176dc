"""Commands about the catalog alone."""
