"""The GraphQL contract: types, inputs, root fields and limits. Only room that knows strawberry."""

# Enumerations are known by their GraphQL names before any type mentions them.
import schema.enums
import schema.errors.code  # noqa: F401
