"""Customers as GraphQL shows them: what they hold, where it can go, what stops it."""
