"""GraphQL over HTTP: from a request's header fields to the bytes of its answer."""
