"""Plans as GraphQL shows them: asked for, made, saved, decided on, compared."""
