"""What is shown fits the terminal, and what comes from outside does not steer it."""

import pytest

from offerpath.cli.catalog.tables import table
from offerpath.cli.terminal import printable, show


@pytest.mark.parametrize("steering", ["\x1b[31m", "\x07", "\x9b", "\u202e", "\u2066", "\r", "\x00"])
def test_what_would_steer_a_terminal_is_shown_as_a_stand_in(steering: str) -> None:
    assert printable(f"a{steering[0]}b") == "a\ufffdb"


def test_other_text_is_shown_as_it_is() -> None:
    text = "Gänseblümchen [E5] \N{FAMILY}\u200d ligne\n\tzwei"
    assert printable(text) == text


NESTED = (
    "Business Basic (883a55ff-9d9e-5072-a7a0-47c4f42eda12), ACTIVE, 21 seats, one of many here\n"
    "   BLOCKS SERVICES_ALREADY_OWNED: " + "Another one gives services already. " * 4 + "\n"
    "      remedy (CUSTOMER): " + "Ask the customer to cancel it first. " * 4
)


@pytest.mark.parametrize("width", [80, 120])
def test_a_line_that_wraps_goes_on_further_in_and_loses_no_word(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    show(NESTED)
    told = capsys.readouterr().out
    lines = told.splitlines()
    assert max(map(len, lines)) <= width
    assert told.split() == NESTED.split()
    begins = [len(line) - len(line.lstrip()) for line in lines]
    starts = [begins[lines.index(line)] for line in lines if line.lstrip().startswith("remedy")]
    assert starts == [6]
    assert set(begins) <= {0, 2, 3, 5, 6, 8}
    assert begins.count(8) >= 1
    assert begins.count(6) == begins.count(3) == 1


def test_a_line_that_fits_is_left_as_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    line = "   " + "x" * 77
    show(line, "", "[E5] is no markup")
    assert capsys.readouterr().out == f"{line}\n\n[E5] is no markup\n"


def test_a_word_longer_than_the_terminal_is_folded_and_not_cut(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    show("   " + "y" * 100)
    assert capsys.readouterr().out.count("y") == 100


def test_where_there_is_no_room_lines_are_not_moved_further_in(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "24")
    show("      remedy (US): Ask Partner Center for this subscription")
    assert "".join(capsys.readouterr().out.split()) == (
        "remedy(US):AskPartnerCenterforthissubscription"
    )


@pytest.mark.parametrize("width", [30, 80])
def test_a_table_too_wide_for_its_place_folds_ids_and_cuts_none(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    offer = "61795CAB-2ABD-43F6-88E9-C9ADAE5746E0"
    show(table("OFFER", "Title", rows=[(offer, "Premium")]))
    told = capsys.readouterr().out
    assert max(map(len, told.splitlines())) <= width
    first = "".join(line[: len(offer)].partition("  ")[0] for line in told.splitlines()[1:])
    assert first.replace("Premium", "").replace(" ", "").startswith(offer[:8])
    assert sorted(c for c in told if c in "0123456789-") == sorted(
        c for c in offer if c in "0123456789-"
    )
