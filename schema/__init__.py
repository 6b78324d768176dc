"""The GraphQL contract: types, inputs, root fields and limits. Only room that knows strawberry."""
