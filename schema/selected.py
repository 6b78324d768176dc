"""What is asked below a field, seen before the field is answered."""

from collections.abc import Collection
from typing import Any

from graphql import FieldNode, FragmentSpreadNode, GraphQLResolveInfo, Node


def asks_for(info: GraphQLResolveInfo[Any], names: Collection[str]) -> bool:
    """Return whether fields of these names stand anywhere below the field that is answered.

    Those that a directive leaves out count too, and so do those of other types.
    """
    waiting: list[Node] = [*info.field_nodes]
    looked_at: set[str] = set()
    while waiting:
        below = getattr(waiting.pop(), "selection_set", None)
        for one in below.selections if below else ():
            if isinstance(one, FragmentSpreadNode):
                if one.name.value not in looked_at:
                    looked_at.add(one.name.value)
                    waiting.append(info.fragments[one.name.value])
            elif isinstance(one, FieldNode) and one.name.value in names:
                return True
            else:
                waiting.append(one)
    return False
