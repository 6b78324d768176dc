"""What use cases need to hand out a plan as a document; `formats` writes it."""

from enum import StrEnum
from typing import Protocol

from planner.baselines.baseline import Baseline
from planner.catalog import Catalog
from planner.customers import Customer
from planner.plans.told.steps import Plan


class Audience(StrEnum):
    """Who reads a document, and so what it may say."""

    CUSTOMER = "CUSTOMER"
    """Titles, days and numbers: no ids, calls, prices or roles."""
    INTERNAL = "INTERNAL"
    """Everything, with ids, calls, findings and sources."""


class PlanWriter(Protocol):
    """Writes a plan beside what happens without it as Markdown."""

    def __call__(
        self,
        catalog: Catalog,
        customer: Customer,
        plan: Plan,
        baseline: Baseline,
        *,
        audience: Audience = Audience.CUSTOMER,
    ) -> str: ...


_SUPPOSED = "**The facts are partly supposed: this is what would be done if they held.**"


def told_as_supposed(document: str) -> str:
    """Return a document that says below its title that it rests on a what-if."""
    title, end, rest = document.partition("\n")
    return f"{title}\n\n{_SUPPOSED}\n{end}{rest.lstrip()}"


def no_writer(
    catalog: Catalog,
    customer: Customer,
    plan: Plan,
    baseline: Baseline,
    *,
    audience: Audience = Audience.CUSTOMER,
) -> str:
    """Write nothing, where an application hands out no documents. Raises: RuntimeError."""
    del catalog, customer, plan, baseline, audience
    raise RuntimeError("this application was put together without a writer of plans")
