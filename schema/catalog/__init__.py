"""The catalog as GraphQL shows it: offers, moves, paths, services and prices."""
