"""Where a code may be met, and the words that are said of each."""

from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """Where a code appears; some appear in a second place too, as docs/errors.md tells."""

    QUESTION = "an error of a GraphQL response, by `extensions.code`"
    DOCUMENT = "an error of a GraphQL response without data, by `extensions.code`"
    ANSWER = "a member of the field's union, by `code` of `Problem`"
    FILE = "`ImportRefused`, by `code` of `Problem`"
    REQUEST = "a response of HTTP without data, by `extensions.code`"
    REPORT = "a response of HTTP instead of a report, by `extensions.code`"
    STREAM = "an error of a stream, or the reason for which it is closed"
    SIGN_IN = "a response of HTTP 401 or 403, by `extensions.code`"
    FAULT = "an error whose cause is hidden, by `extensions.code`"
    COMMAND = "the command line alone, by `code` of its `error`"


@dataclass(frozen=True, slots=True)
class Words:
    """What a code means, in one sentence, and what helps in most places."""

    place: Place
    meaning: str
    remedy: str
