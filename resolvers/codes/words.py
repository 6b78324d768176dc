"""What each code means, where it appears and what helps."""

from collections.abc import Mapping
from types import MappingProxyType

from resolvers.codes import words_of_answers as code_words_of_answers
from resolvers.codes import words_of_limits as code_words_of_limits
from resolvers.codes import words_of_questions as code_words_of_questions
from resolvers.codes import words_of_requests as code_words_of_requests
from resolvers.codes.code import Code
from resolvers.codes.place import Words

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
