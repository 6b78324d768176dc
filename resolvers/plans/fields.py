"""What the fields of plans are called outside: in GraphQL and in JSON."""

_TOLD_APART = {
    "origin": "from",
    "target": "to",
    "into": "intoSubscriptionId",
}


def api_name(field: str) -> str:
    """Return the name of a planner's field as GraphQL and JSON have it, such as `endsOn`."""
    first, *rest = field.split("_")
    return _TOLD_APART.get(field) or first + "".join(word.capitalize() for word in rest)
