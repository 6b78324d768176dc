"""What each code means, where it appears and what helps."""

from collections.abc import Mapping
from types import MappingProxyType

from resolvers import (
    code_words_of_answers,
    code_words_of_limits,
    code_words_of_questions,
    code_words_of_requests,
)
from resolvers.code_place import Words
from resolvers.codes import Code

WORDS: Mapping[Code, Words] = MappingProxyType(
    {
        **code_words_of_questions.WORDS,
        **code_words_of_limits.WORDS,
        **code_words_of_answers.WORDS,
        **code_words_of_requests.WORDS,
    }
)
"""Of every code, in the order in which docs/errors.md tells them."""


def remedy_of(code: Code) -> str:
    """Return what helps with a code where the place that raises it knows nothing better."""
    return WORDS[code].remedy
