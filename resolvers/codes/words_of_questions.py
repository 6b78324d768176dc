"""What each code says of a question or a document, and what helps."""

from collections.abc import Mapping

from resolvers.codes.code import Code
from resolvers.codes.place import Place, Words

WORDS: Mapping[Code, Words] = {
    Code.AS_OF_IN_THE_FUTURE: Words(
        Place.QUESTION,
        "An import says that its file was taken more than a day from now.",
        "Give `asOf` the instant at which the file was taken",
    ),
    Code.BAD_CURSOR: Words(
        Place.QUESTION,
        "A cursor is none of this API's, or names something that is gone.",
        "Begin with the first page: leave `after` out",
    ),
    Code.BAD_DATE: Words(
        Place.QUESTION,
        "A text is no date and no instant with its zone, or lies beyond the calendar.",
        "Write a date (2026-03-01) or an instant with its zone (2026-03-01T09:00:00Z)",
    ),
    Code.BAD_USER_INPUT: Words(
        Place.QUESTION,
        "A variable has another type than its place in the document takes.",
        "Give the variables the types that the document declares",
    ),
    Code.BILLING_CYCLE_NOT_KNOWN: Words(
        Place.QUESTION, "A text is no billing cycle.", "Write monthly, annual, triennial or none"
    ),
    Code.CURSOR_FROM_ANOTHER_CATALOG: Words(
        Place.QUESTION,
        "A cursor was given under another version of the catalog.",
        "Begin with the first page: leave `after` out",
    ),
    Code.CURSOR_FROM_ANOTHER_QUESTION: Words(
        Place.QUESTION,
        "A cursor belongs to a list that was asked for in other words.",
        "Begin with the first page, or repeat the question that gave the cursor",
    ),
    Code.DAYS_OUT_OF_RANGE: Words(
        Place.QUESTION,
        "A key shall hold for fewer or more days than one may.",
        "Give `days` within the limits that the message names",
    ),
    Code.EXTRA_OUT_OF_RANGE: Words(
        Place.QUESTION,
        "More licences are asked for than one step can add, or none.",
        "Give `extra` within the limits that the message names",
    ),
    Code.FIRST_OUT_OF_RANGE: Words(
        Place.QUESTION,
        "A page of no rows, or of more than one page may have, is asked for.",
        "Give `first` within the limits that the message names; fields with `after` give the rest",
    ),
    Code.GAVE_UP: Words(
        Place.QUESTION,
        "A search came to its limit before it could answer.",
        "Ask for fewer steps with `maxSteps`, or for a nearer goal",
    ),
    Code.GOAL_MISSING: Words(
        Place.QUESTION,
        "A goal is empty, or it names two things at once.",
        "Name one: an offer, a product, services or any new-commerce offer",
    ),
    Code.JOB_ID_IN_USE: Words(
        Place.QUESTION, "Another job has the id already.", "Choose a new GUID"
    ),
    Code.KEY_NAME_LENGTH: Words(
        Place.QUESTION,
        "The name of an API key is empty or too long.",
        "Give the key a name of the length that the message names",
    ),
    Code.KEY_NAME_MALFORMED: Words(
        Place.QUESTION,
        "The name of an API key has control characters.",
        "Give the key a name of one line of plain text",
    ),
    Code.KEY_NEEDS_SIGN_IN: Words(
        Place.QUESTION,
        "Sign-in is off, so that an API key would be nobody's.",
        "Have sign-in switched on (OFFERPATH_AUTH), and sign in yourself to make a key",
    ),
    Code.MALFORMED_ID: Words(
        Place.QUESTION,
        "A text is not the id of such a thing.",
        "Copy the id from an answer of this API, a GUID or PRODUCT:SKU",
    ),
    Code.MALFORMED_MARKET: Words(
        Place.QUESTION,
        "A text is no country code of ISO 3166.",
        "Write two letters, such as US or GB",
    ),
    Code.MAX_STEPS_OUT_OF_RANGE: Words(
        Place.QUESTION,
        "Paths of no steps, or of more than a search takes, are asked for.",
        "Give `maxSteps` within the limits that the message names",
    ),
    Code.NOTE_MALFORMED: Words(
        Place.QUESTION,
        "A note holds what cannot be stored: a NUL character or half a character.",
        "Leave out what is no character",
    ),
    Code.NOTE_TOO_LONG: Words(
        Place.QUESTION,
        "A note has more characters than are room.",
        "Shorten the note to what the message names",
    ),
    Code.OPERATION_NOT_NAMED: Words(
        Place.QUESTION,
        "The document has several operations, and none is named.",
        "Name one of them with `operationName`",
    ),
    Code.PLAN_OR_CUSTOMER: Words(
        Place.QUESTION,
        "Changes are asked for of a plan and of a customer, or of neither.",
        "Give one of `planId` and `customerId`",
    ),
    Code.PRODUCT_NOT_FOUND: Words(
        Place.QUESTION,
        "The catalog has no such product of new commerce.",
        "Look its SKUs up with `offers(text:)`",
    ),
    Code.QUERY_TOO_COSTLY: Words(
        Place.QUESTION,
        "The document may ask for more than one request is given.",
        "Ask for fewer with `first`, or nest fewer lists",
    ),
    Code.READINESS_NEEDS_RULES: Words(
        Place.QUESTION,
        "Customers are to be told by their readiness, with the rules left out.",
        "Leave the filter of readiness out, or have the rules asked",
    ),
    Code.SCOPE_NOT_ASKED: Words(
        Place.QUESTION,
        "A report of plans cannot be narrowed by the scope that was given.",
        "Leave that part of the scope out",
    ),
    Code.SEATS_OUT_OF_RANGE: Words(
        Place.QUESTION,
        "A number of seats is none that a subscription can have.",
        "Give seats within the limits that the message names, or leave them out",
    ),
    Code.SERVICES_OUT_OF_RANGE: Words(
        Place.QUESTION,
        "No service plan is named, or more than one question takes.",
        "Name as many service plans as the message allows",
    ),
    Code.SERVICE_PLAN_NOT_FOUND: Words(
        Place.QUESTION,
        "The catalog has no such service plan.",
        "Look its id up with `offer(catalogId:)`, in `servicePlans` of an offer that has it",
    ),
    Code.STATES_OUT_OF_RANGE: Words(
        Place.QUESTION,
        "A plan is to look at more situations than are allowed, or at none.",
        "Give `states` within the limits that the message names",
    ),
    Code.TERM_NOT_KNOWN: Words(Place.QUESTION, "A text is no term.", "Write P1M, P1Y or P3Y"),
    Code.TOO_MANY_CELLS: Words(
        Place.QUESTION,
        "A matrix would have more cells than one answer holds.",
        "Name fewer origins or targets",
    ),
    Code.TOO_MANY_GOALS: Words(
        Place.QUESTION,
        "More goals are named than one plan takes.",
        "Name fewer goals, or make a plan for each part of the customer",
    ),
    Code.TOO_MANY_MOVES: Words(
        Place.QUESTION,
        "More moves are to be supposed than one question takes.",
        "Suppose fewer moves",
    ),
    Code.TOO_MANY_OFFERS: Words(
        Place.QUESTION, "More offers are named than one question takes.", "Name fewer offers"
    ),
    Code.TOO_MANY_TARGETS: Words(
        Place.QUESTION, "More targets are named than one comparison takes.", "Name fewer targets"
    ),
    Code.UNTIL_OUT_OF_RANGE: Words(
        Place.QUESTION,
        "The last day of a baseline lies before its first, or too far after it.",
        "Give `until` a day within the limits that the message names",
    ),
    Code.NOT_PERMITTED: Words(
        Place.QUESTION,
        "The roles or the type of partner of whoever asks do not include this task.",
        "Ask an admin agent of your partner, or sign in with a role that may",
    ),
    Code.GRAPHQL_PARSE_FAILED: Words(
        Place.DOCUMENT,
        "The document is not GraphQL.",
        "Correct the syntax at the line and column that the error names",
    ),
    Code.GRAPHQL_VALIDATION_FAILED: Words(
        Place.DOCUMENT,
        "The document does not fit the schema, or it is larger or deeper than is taken.",
        "Correct what the message names after schema.graphql; ask for less where it is too much",
    ),
}
