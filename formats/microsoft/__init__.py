"""What Microsoft's own answers say: Partner Center's and Graph's, in JSON."""
