"""Suites of others against a started server: `make test-external`. Not part of `make test`."""
