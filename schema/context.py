"""What every resolver is handed: the request's question, its loaders, and the file reader."""

from collections.abc import Callable
from dataclasses import dataclass

from strawberry.types import Info as StrawberryInfo

from resolvers.asked import Asked
from resolvers.ports import ImportReader
from schema.loaders import Loaders


@dataclass(slots=True)
class Context:
    """One request's context. The catalog version is pinned for all of it."""

    asked: Asked
    loaders: Loaders
    read_import: ImportReader
    catalog_changed: Callable[[], None] = lambda: None


Info = StrawberryInfo[Context, None]
