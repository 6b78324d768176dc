"""What each code says of a request, a fault or a command, and what helps."""

from collections.abc import Mapping

from resolvers.codes.code import Code
from resolvers.codes.place import Place, Words

WORDS: Mapping[Code, Words] = {
    Code.BATCHING_NOT_SUPPORTED: Words(
        Place.REQUEST, "The body is a list of requests.", "Send each request by itself"
    ),
    Code.BODY_TOO_LARGE: Words(
        Place.REQUEST,
        "The body is longer than is taken.",
        "Ask for less at once, or split the file",
    ),
    Code.BODY_TOO_SLOW: Words(
        Place.REQUEST,
        "The body did not come in time.",
        "Send the body at once, over a faster line or in smaller requests",
    ),
    Code.CROSS_SITE_REQUEST: Words(
        Place.REQUEST,
        "A page of another site asks, and that site is not known here.",
        "Have the site named in OFFERPATH_ALLOWED_ORIGINS",
    ),
    Code.DOCUMENT_MISMATCH: Words(
        Place.REQUEST,
        "A document and its id do not fit: the id is not the hash of the text.",
        "Send the `documentId` alone, or that of the very text",
    ),
    Code.DOCUMENT_NOT_FOUND: Words(
        Place.REQUEST,
        "The server's manifest has no document of this id.",
        "Give the server the manifest of this release of the client",
    ),
    Code.DOCUMENT_REQUIRED: Words(
        Place.REQUEST,
        "The server takes only documents that it knows.",
        "Send the `documentId` of a document of its manifest",
    ),
    Code.DOCUMENT_TOO_LONG: Words(
        Place.REQUEST, "The document is longer than is taken.", "Ask in several shorter documents"
    ),
    Code.DUPLICATE_KEY: Words(
        Place.REQUEST,
        "A name stands twice in an object of the body's JSON, and which is meant nobody can tell; "
        "a socket is closed with 4400 and this reason.",
        "Give each name of an object once",
    ),
    Code.FORWARDED_WITHOUT_SIGN_IN: Words(
        Place.REQUEST,
        "A proxy handed the request on to a server without sign-in, as its headers say.",
        "Switch sign-in on with OFFERPATH_AUTH=oidc, or ask the server itself, from its own "
        "machine; with its origin in OFFERPATH_ALLOWED_ORIGINS the page of a development server "
        "may",
    ),
    Code.HOST_NOT_KNOWN: Words(
        Place.REQUEST,
        "The Host header names none of this server's names.",
        "Ask as localhost or by its address, or name the origin in OFFERPATH_ALLOWED_ORIGINS",
    ),
    Code.MALFORMED_JSON: Words(
        Place.REQUEST,
        "The body, or a parameter that has to be JSON, is none.",
        "Send JSON in UTF-8",
    ),
    Code.MALFORMED_REQUEST: Words(
        Place.REQUEST,
        "The body or the parameters have another shape than GraphQL over HTTP gives them, or the "
        "URL of a report has one of them twice.",
        "Send an object with `query`, and with `variables` and `operationName` where needed",
    ),
    Code.METHOD_NOT_ALLOWED: Words(
        Place.REQUEST,
        "The method is not one for this address, or not one for a mutation.",
        "Send a POST, or a GET for a query",
    ),
    Code.NOT_ACCEPTABLE: Words(
        Place.REQUEST,
        "The Accept header allows no media type that this server answers with.",
        "Accept application/graphql-response+json, or application/json",
    ),
    Code.OPERATION_NOT_FOUND: Words(
        Place.REQUEST,
        "The document has no operation of that name.",
        "Name one of the document's with `operationName`",
    ),
    Code.UNSUPPORTED_MEDIA_TYPE: Words(
        Place.REQUEST,
        "The body is not JSON by its Content-Type, or it is compressed.",
        "Send `Content-Type: application/json`, in UTF-8 and not compressed",
    ),
    Code.URL_TOO_LONG: Words(
        Place.REQUEST, "The address of a GET is longer than is taken.", "Send a POST"
    ),
    Code.BAD_PARAMETER: Words(
        Place.REPORT,
        "A parameter of a report has a value that it does not take.",
        "Give one of the values that the message names",
    ),
    Code.PARQUET_NOT_INSTALLED: Words(
        Place.REPORT,
        "Parquet is asked for, and the library that writes it is not there.",
        "Ask for csv or ndjson, or install offerpath with its extra `parquet`",
    ),
    Code.TOO_LARGE_FOR_XLSX: Words(
        Place.REPORT, "The report has more rows than an Excel sheet.", "Ask for csv or ndjson"
    ),
    Code.UNKNOWN_FORMAT: Words(
        Place.REPORT,
        "A report is asked for in a format that is not written.",
        "Choose one of the formats that the message names",
    ),
    Code.UNKNOWN_PARAMETER: Words(
        Place.REPORT,
        "A report does not know one of the parameters.",
        "Leave it out, or correct its name; docs/reports.md lists them",
    ),
    Code.OPERATION_NOT_STREAMED: Words(
        Place.STREAM,
        "Something other than a subscription is asked for as a stream.",
        "Send queries and mutations as POST",
    ),
    Code.SHUTTING_DOWN: Words(
        Place.STREAM, "The server is about to stop.", "Connect again in a moment"
    ),
    Code.SUBSCRIPTION_NOT_STREAMED: Words(
        Place.STREAM,
        "A subscription is asked for in a request that takes one answer.",
        "Open a WebSocket, or accept text/event-stream",
    ),
    Code.TOO_MANY_OPERATIONS: Words(
        Place.STREAM,
        "A WebSocket has as many subscriptions as one may have.",
        "Complete some of them, or open another WebSocket",
    ),
    Code.TOO_MANY_STREAMS: Words(
        Place.STREAM,
        "As many streams are open as this server takes.",
        "Close streams that are not needed, or try again later",
    ),
    Code.GROUPS_OVERAGE: Words(
        Place.SIGN_IN,
        "The token names more groups than it can hold, so that no role can be told from it.",
        "Assign app roles, or let the application emit only the groups assigned to it",
    ),
    Code.KEY_EXPIRED: Words(Place.SIGN_IN, "The API key has ended.", "Make a new key"),
    Code.KEY_NOT_ACCEPTED: Words(
        Place.SIGN_IN,
        "The text is none of the API keys.",
        "Check that the key was copied whole, or make a new key",
    ),
    Code.KEY_REVOKED: Words(Place.SIGN_IN, "The API key was revoked.", "Make a new key"),
    Code.NOT_SIGNED_IN: Words(
        Place.SIGN_IN,
        "Nothing says who asks.",
        "Send `Authorization: Bearer` with an access token or an API key",
    ),
    Code.PARTNER_NOT_NAMED: Words(
        Place.SIGN_IN,
        "The token does not name a partner.",
        "Sign in with an account of the partner's tenant, or set OFFERPATH_PARTNER_CLAIM",
    ),
    Code.PARTNER_TYPE_NOT_KNOWN: Words(
        Place.SIGN_IN,
        "The token names a type of partner that there is not.",
        "Let it be DIRECT_BILL, INDIRECT_PROVIDER or INDIRECT_RESELLER",
    ),
    Code.TENANT_NOT_ADMITTED: Words(
        Place.SIGN_IN,
        "This installation does not serve the tenant.",
        "Ask its operator, who lists tenants in OFFERPATH_OIDC_TENANTS",
    ),
    Code.TOKEN_EXPIRED: Words(
        Place.SIGN_IN,
        "The access token has expired.",
        "Sign in again, and send the new access token",
    ),
    Code.TOKEN_NOT_ACCEPTED: Words(
        Place.SIGN_IN,
        "The access token is none that this installation takes.",
        "Sign in again, and send the new access token",
    ),
    Code.TOKEN_NOT_YET_VALID: Words(
        Place.SIGN_IN,
        "The access token is not valid yet.",
        "Check the clocks of this server and of the issuer",
    ),
    Code.TOKEN_TOO_LARGE: Words(
        Place.SIGN_IN,
        "The access token is larger than is taken.",
        "Have the issuer leave out groups, or only emit those assigned to the application",
    ),
    Code.DATABASE_UNAVAILABLE: Words(
        Place.FAULT, "The database cannot be reached.", "Try again in a moment"
    ),
    Code.INTERNAL_ERROR: Words(
        Place.FAULT,
        "A fault of ours; its cause is in the server's log under the trace id.",
        "Try again, and report it with its trace id",
    ),
    Code.NO_CATALOG: Words(Place.FAULT, "No catalog is loaded.", "Run `offerpath init`"),
    Code.SIGN_IN_UNAVAILABLE: Words(
        Place.FAULT,
        "The issuer's keys cannot be read now, so that no token can be checked.",
        "Try again in a moment",
    ),
    Code.AMBIGUOUS_CUSTOMER: Words(
        Place.COMMAND,
        "The text fits several customers.",
        "Give more of the name, or the customer's id",
    ),
    Code.BAD_OPTION: Words(
        Place.COMMAND,
        "An option does not go with the others, or not with what is asked.",
        "Leave the option out; `--help` says what it is for",
    ),
    Code.BAD_SETTING: Words(
        Place.COMMAND,
        "A setting of the environment has a value that it does not take.",
        "Correct the setting; the README lists them",
    ),
    Code.CANNOT_LISTEN: Words(
        Place.COMMAND,
        "The server cannot listen on the address.",
        "Choose another address or port with --host, --port or OFFERPATH_PORT",
    ),
    Code.FAULT: Words(
        Place.COMMAND,
        "A fault of ours, or of this machine.",
        "Set OFFERPATH_LOG_LEVEL=debug to see where it happened",
    ),
    Code.FILE_NOT_READABLE: Words(
        Place.COMMAND,
        "The file to import cannot be read.",
        "Check the name and that this account may read the file",
    ),
    Code.MALFORMED_PAIR: Words(
        Place.COMMAND,
        "An option of two parts has another form.",
        "Write it in the form that the message names",
    ),
    Code.PORT_IN_USE: Words(
        Place.COMMAND,
        "Another program has the port.",
        "Choose another port with --port or OFFERPATH_PORT, or stop what uses it",
    ),
    Code.REPORT_NOT_WRITTEN: Words(
        Place.COMMAND,
        "The file of a report cannot be written; nothing of it is left behind.",
        "Choose another file with --out, in a folder that this account may write",
    ),
    Code.SIGN_IN_OFF: Words(
        Place.COMMAND,
        "Sign-in is off, and an address is not this machine's own.",
        "Switch sign-in on with OFFERPATH_AUTH, or listen on a loopback address",
    ),
    Code.STEP_KIND_NOT_KNOWN: Words(
        Place.COMMAND, "A text is no kind of step.", "Write one of the kinds that the message names"
    ),
    Code.USAGE: Words(
        Place.COMMAND,
        "Two options exclude each other, or one needs another.",
        "Give the options as the message says; `--help` lists them",
    ),
}
