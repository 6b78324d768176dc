"""What each code says of a document, or of its work, that is beyond a limit."""

from collections.abc import Mapping

from resolvers.codes.code import Code
from resolvers.codes.place import Place, Words

_FEWER = "Ask in several shorter documents"

WORDS: Mapping[Code, Words] = {
    Code.BUSY: Words(
        Place.DOCUMENT,
        "Plans, reports and runs over the portfolio wait for their turn, and this one waited too "
        "long.",
        "Try again after the seconds that `Retry-After` or `retrySeconds` tells",
    ),
    Code.DEADLINE_EXCEEDED: Words(
        Place.DOCUMENT,
        "The work took longer than a request is given, and was stopped.",
        "Ask for less at a time; if the load is high, try again in a moment",
    ),
    Code.DOCUMENT_TOO_DEEP: Words(
        Place.DOCUMENT,
        "The document nests fields too deeply.",
        "Ask for what is inside by its id, in a document of its own",
    ),
    Code.INTROSPECTION_OFF: Words(
        Place.DOCUMENT,
        "The document asks for the schema, which this server does not tell.",
        "Take schema.graphql from the release that the server runs",
    ),
    Code.QUEUE_FULL: Words(
        Place.DOCUMENT,
        "As many plans, reports and runs of this partner wait as may wait at a time.",
        "Wait for answers before you ask for more",
    ),
    Code.RATE_LIMITED: Words(
        Place.DOCUMENT,
        "This partner, or this person or API key, has asked for more than it may in a minute.",
        "Try again after the seconds that `Retry-After` or `retrySeconds` tells, and ask for less "
        "at a time: `extensions.cost` tells what a document costs",
    ),
    Code.TEXT_TOO_LONG: Words(
        Place.QUESTION,
        "A text to look for is longer than any name.",
        "Look for a few words of it",
    ),
    Code.TOO_MANY_ALIASES: Words(
        Place.DOCUMENT, "The document gives more fields another name than is taken.", _FEWER
    ),
    Code.TOO_MANY_DEFINITIONS: Words(
        Place.DOCUMENT,
        "The document has more operations and fragments than are taken.",
        "Send only the operation that is executed, with its fragments",
    ),
    Code.TOO_MANY_DIRECTIVES: Words(
        Place.DOCUMENT,
        "The document uses more directives than are taken.",
        "Leave out what is not asked for instead of skipping it",
    ),
    Code.TOO_MANY_FIELDS: Words(
        Place.DOCUMENT,
        "The document asks for more fields than are taken, those of a fragment counted wherever "
        "it is used.",
        _FEWER,
    ),
    Code.TOO_MANY_REPEATS: Words(
        Place.DOCUMENT,
        "The document asks for the same field again and again in one place.",
        "Ask for it once",
    ),
    Code.TOO_MANY_TOKENS: Words(
        Place.DOCUMENT,
        "The document has more words and signs than are taken.",
        "Send values as variables, and ask in several shorter documents",
    ),
}
