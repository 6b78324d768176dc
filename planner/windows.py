"""Whether a kind of move is open on a day, by rules with sources and never by price dates."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from planner.offers import Segment
from planner.transitions import (
    EvidenceKind,
    Transition,
    TransitionKind,
    Window,
    WindowState,
)


@dataclass(frozen=True, slots=True)
class WindowVerdict:
    """What the dated rules say of one move on one day."""

    state: WindowState
    message: str
    opens: date | None
    """For a closed one: the first day on which another rule opens it, where one does."""
    sources: tuple[str, ...]


UNDATED = WindowVerdict(
    WindowState.UNKNOWN, "no source dates this kind of move; taken as open", None, ()
)


def window_on(
    windows: Iterable[Window], transition: Transition, segment: Segment | None, on: date
) -> WindowVerdict:
    """Return the verdict for one transition of an offer of that segment on a day.

    A contested legacy upgrade is open once Partner Center confirmed it for this subscription.
    """
    return _as_confirmed(transition, kind_window_on(windows, transition.kind, segment, on))


def verdicts_on(
    windows: Iterable[Window], on: date
) -> Callable[[Transition, Segment | None], WindowVerdict]:
    """Return `window_on` for many transitions on one day: each kind and segment is judged once."""
    dated = tuple(windows)
    judged: dict[tuple[TransitionKind, Segment | None], WindowVerdict] = {}

    def verdict(transition: Transition, segment: Segment | None) -> WindowVerdict:
        key = (transition.kind, segment)
        if key not in judged:
            judged[key] = kind_window_on(dated, *key, on)
        return _as_confirmed(transition, judged[key])

    return verdict


def _as_confirmed(transition: Transition, verdict: WindowVerdict) -> WindowVerdict:
    confirmed = transition.evidence is EvidenceKind.PARTNER_CENTER
    if verdict.state is WindowState.CONTESTED and confirmed:
        return WindowVerdict(WindowState.OPEN, "confirmed by Partner Center", None, ())
    return verdict


def kind_window_on(
    windows: Iterable[Window], kind: TransitionKind, segment: Segment | None, on: date
) -> WindowVerdict:
    """Return the verdict for a kind of move out of an offer of that segment on a day."""
    applying = [
        window for window in windows if window.kind is kind and window.segment in (None, segment)
    ]
    rule = _loudest(applying, on)
    if rule is None:
        return UNDATED
    return WindowVerdict(rule.state, rule.message, _opens(applying, rule, on), rule.sources)


def _loudest(windows: Iterable[Window], on: date) -> Window | None:
    """Return the rule that decides a day: one for the segment speaks louder than one for all."""
    holding = (window for window in windows if _holds(window, on))
    return max(holding, key=_loudness, default=None)


def _loudness(window: Window) -> tuple[bool, str, str, tuple[str, ...]]:
    return window.segment is not None, window.state, window.message, window.sources


def _holds(window: Window, on: date) -> bool:
    begun = window.starts is None or window.starts <= on
    return begun and (window.ends is None or on < window.ends)


def _opens(windows: Sequence[Window], rule: Window, on: date) -> date | None:
    """Return the first later day on which no rule, or an open one, decides."""
    if rule.state is not WindowState.CLOSED:
        return None
    turns = {day for window in windows for day in (window.starts, window.ends) if day}
    for day in sorted(day for day in turns if day > on):
        later = _loudest(windows, day)
        if later is None or later.state is not WindowState.CLOSED:
            return day
    return None
