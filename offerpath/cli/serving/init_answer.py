"""What `init` shows: which catalog is loaded, and how many customers are stored."""

from offerpath.cli import answers
from offerpath.cli.exits import Exit
from offerpath.cli.terminal import show, show_json
from offerpath.house import House
from resolvers.access.permits import Task, is_permitted
from resolvers.asked import Asked
from resolvers.customers.customers import customers


async def answer_init(house: House, *, as_json: bool) -> Exit:
    asked = await house.asked()
    stored = await _stored(asked)
    counts = asked.version.counts
    if as_json:
        show_json(answers.asked_of(asked, None) | {"offers": counts["offers"], "customers": stored})
        return Exit.ANSWERED
    told = "" if stored is None else f", {stored} customers"
    show(
        f"Ready: {counts['offers']} offers ({asked.version.label}){told}.",
        "Next: `offerpath serve`, or `offerpath paths OFFER any`.",
    )
    return Exit.ANSWERED


async def _stored(asked: Asked) -> int | None:
    """Return how many customers are stored; None where sign-in is on, and nobody asks."""
    if not is_permitted(asked.principal, Task.READ_CUSTOMERS):
        return None
    return (await customers(asked, first=1, after=None, text=None)).total
