"""What `init` shows: which catalog is loaded, and how many customers are stored."""

from offerpath.cli import answers
from offerpath.cli.exits import Exit
from offerpath.cli.terminal import show, show_json
from offerpath.house import House
from resolvers.customers import customers


async def answer_init(house: House, *, as_json: bool) -> Exit:
    asked = await house.asked()
    stored = (await customers(asked, first=1, after=None, text=None)).total
    counts = asked.version.counts
    if as_json:
        show_json(answers.asked_of(asked, None) | {"offers": counts["offers"], "customers": stored})
        return Exit.ANSWERED
    show(
        f"Ready: {counts['offers']} offers ({asked.version.label}), {stored} customers.",
        "Next: `offerpath serve`, or `offerpath paths OFFER any`.",
    )
    return Exit.ANSWERED
