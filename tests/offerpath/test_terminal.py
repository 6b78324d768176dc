"""What comes from outside does not steer the terminal that shows it."""

import pytest

from offerpath.cli.terminal import printable


@pytest.mark.parametrize("steering", ["\x1b[31m", "\x07", "\x9b", "\u202e", "\u2066", "\r", "\x00"])
def test_what_would_steer_a_terminal_is_shown_as_a_stand_in(steering: str) -> None:
    assert printable(f"a{steering[0]}b") == "a\ufffdb"


def test_other_text_is_shown_as_it_is() -> None:
    text = "Gänseblümchen [E5] \N{FAMILY}\u200d ligne\n\tzwei"
    assert printable(text) == text
