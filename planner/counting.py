"""Counts as people read them: "3 steps", and what one count has more or fewer than another."""


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
