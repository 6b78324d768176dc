"""Many offers by many, each pair with its best path or why there is none."""

from typing import Annotated

import strawberry

from planner.catalog import Catalog
from planner.paths import Path as PlannerPath
from resolvers.catalog.moves import Cell
from schema.catalog.offer import Offer, offer_of
from schema.catalog.path import NoPath, Path, show_no_path, show_path
from schema.errors.problems import OfferNotFound

PathOrNone = Annotated[
    Path | NoPath, strawberry.union("PathOrNone", description="A path, or why there is none.")
]


@strawberry.type(description="One pair of a matrix.")
class MatrixCell:
    origin: Offer = strawberry.field(name="from")
    target: Offer = strawberry.field(name="to")
    answer: PathOrNone


@strawberry.type(description="Every pair, origins first, in the order asked for.")
class Matrix:
    cells: list[MatrixCell]


MatrixResult = Annotated[
    Matrix | OfferNotFound, strawberry.union("MatrixResult", description="A matrix of paths.")
]


def show_matrix(catalog: Catalog, cells: tuple[Cell, ...]) -> Matrix:
    return Matrix(cells=[_cell(catalog, cell) for cell in cells])


def _cell(catalog: Catalog, cell: Cell) -> MatrixCell:
    answer = cell.answer
    return MatrixCell(
        origin=offer_of(catalog, cell.origin),
        target=offer_of(catalog, cell.target),
        answer=show_path(answer) if isinstance(answer, PlannerPath) else show_no_path(answer),
    )
