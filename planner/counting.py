"""Counts and lists as people read them: "3 steps", "2 steps fewer", "a, b and 4 more"."""

from collections.abc import Sequence


def counted(number: int, one: str, many: str = "") -> str:
    """Return `1 step` or `3 steps`; `many` where it is not the one with an s."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def more_or_fewer(
    before: int | None, after: int | None, nouns: tuple[str, str], words: tuple[str, str]
) -> str:
    """Return a change such as `2 steps fewer`; empty where there is none or a side is not known.

    `nouns` are for one and for several, `words` for fewer and for more.
    """
    if before is None or after is None or before == after:
        return ""
    return f"{counted(abs(after - before), *nouns)} {words[after > before]}"


def in_short(names: Sequence[str], *, most: int) -> str:
    """Return the first few names and how many more there are: `a, b and 4 more`, else `a, b`."""
    more = len(names) - most
    named = ", ".join(names[:most])
    return f"{named} and {more} more" if more > 0 else named


def phrase(parts: Sequence[str], *, most: int) -> str:
    """Return `a`, `a and b`, `a, b and c`, or the first few and how many more."""
    if len(parts) > most:
        return in_short(parts, most=most)
    *before, last = parts or ("nothing",)
    return f"{', '.join(before)} and {last}" if before else last
