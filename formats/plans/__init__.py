"""A plan as a document: for the customer, or for ourselves."""
