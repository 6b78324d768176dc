"""Outcomes that are no values: what was asked for is not there, or there is no way."""

import strawberry

from resolvers.codes.code import Code
from resolvers.problems import NotFound


@strawberry.interface(description="An outcome other than the value asked for.")
class Problem:
    code: Code = strawberry.field(description="What happened, for programs to switch on.")
    message: str = strawberry.field(description="One sentence for people.")
    remedy: str | None = strawberry.field(description="What helps, where something does.")


@strawberry.type(description="The catalog has no such offer, product or service plan.")
class OfferNotFound(Problem):
    catalog_id: str = strawberry.field(description="The id that was asked for.")

    @classmethod
    def of(cls, missing: NotFound) -> "OfferNotFound":
        return cls(
            code=missing.code,
            message=missing.message,
            remedy=missing.remedy,
            catalog_id=missing.identifier,
        )


@strawberry.type(description="This partner has no such customer.")
class CustomerNotFound(Problem):
    customer_id: str = strawberry.field(description="The id that was asked for.")

    @classmethod
    def of(cls, missing: NotFound) -> "CustomerNotFound":
        return cls(
            code=missing.code,
            message=missing.message,
            remedy=missing.remedy,
            customer_id=missing.identifier,
        )
