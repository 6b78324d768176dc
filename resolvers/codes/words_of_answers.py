"""What each code says where it is an answer of its own, and what helps."""

from collections.abc import Mapping

from resolvers.codes.code import Code
from resolvers.codes.place import Place, Words

WORDS: Mapping[Code, Words] = {
    Code.API_KEY_NOT_FOUND: Words(
        Place.ANSWER, "Nobody here has such an API key.", "List your keys with `apiKeys`"
    ),
    Code.ASSUMED_OFFER_NOT_FOUND: Words(
        Place.ANSWER,
        "A move is to be supposed from or to an offer that the catalog does not have.",
        "Look the offer up with `offers(text:)`",
    ),
    Code.CUSTOMER_NOT_FOUND: Words(
        Place.ANSWER,
        "This partner has no such customer.",
        "Look the customer up with `customers(text:)`, or import it",
    ),
    Code.NO_PATH: Words(
        Place.ANSWER,
        "No path leads to the goal; the answer tells the causes.",
        "Look at the causes: some open on a day or with something done",
    ),
    Code.OFFER_NOT_FOUND: Words(
        Place.ANSWER, "The catalog has no such offer.", "Look the offer up with `offers(text:)`"
    ),
    Code.OFFER_NOT_IN_CATALOG: Words(
        Place.ANSWER,
        "A subscription is on an offer that the catalog does not have.",
        "Import the subscription with its product and SKU, or load a newer catalog",
    ),
    Code.PLAN_NOT_FOUND: Words(
        Place.ANSWER, "This partner has no such plan.", "Look at `plans` of the customer"
    ),
    Code.PORTFOLIO_TOO_LARGE: Words(
        Place.ANSWER,
        "The portfolio is larger than one answer can plan.",
        "Narrow the filter, or run `offerpath portfolio --waves`",
    ),
    Code.PRICE_NOT_KNOWN: Words(
        Place.ANSWER,
        "No loaded list tells the price.",
        "Load a price list of that market, segment and day",
    ),
    Code.SEATS_NOT_KNOWN: Words(
        Place.ANSWER,
        "How many seats the subscription has is not known.",
        "Import the customer's subscriptions with their quantity",
    ),
    Code.SERVICES_NOT_KNOWN: Words(
        Place.ANSWER,
        "Nobody tells which services an offer has.",
        "Load a catalog that lists the services of these offers",
    ),
    Code.SUBSCRIPTION_NOT_FOUND: Words(
        Place.ANSWER,
        "The customer, or this partner, holds no such subscription.",
        "Name one of the customer's subscriptions, or import them",
    ),
    Code.SUBSCRIPTION_SUPPOSED_GONE: Words(
        Place.ANSWER,
        "What is asked of is a subscription that the what-if supposes cancelled.",
        "Ask of another subscription, or do not suppose this one cancelled",
    ),
    Code.WHAT_IF_CONTRADICTORY: Words(
        Place.ANSWER,
        "Two different things are to be supposed of the same subscription.",
        "Say one thing about each subscription",
    ),
    Code.WHAT_IF_IMPOSSIBLE: Words(
        Place.ANSWER,
        "A move is to be supposed that no kind of move can be.",
        "Suppose a move to another offer, never back from new commerce to legacy",
    ),
    Code.ALREADY_APPROVED: Words(
        Place.ANSWER,
        "The plan was approved before; the answer says when and by whom.",
        "Nothing is left to decide; make another plan where this one is wrong",
    ),
    Code.CONTENT_MISMATCH: Words(
        Place.ANSWER,
        "Made afresh, the plan is another one than the one that was looked at.",
        "Look at the plan again and name its content hash",
    ),
    Code.FINGERPRINT_MISMATCH: Words(
        Place.ANSWER,
        "The plan read other facts than the one that was named.",
        "Read the plan again and name its fingerprint",
    ),
    Code.GOAL_CONTRADICTORY: Words(
        Place.ANSWER, "Two goals are given to one subscription.", "Give each subscription one goal"
    ),
    Code.NOTHING_TO_PLAN: Words(
        Place.ANSWER,
        "No subscription needs a move, or the list of goals is empty.",
        "Name a goal for a subscription, or import the customer's subscriptions",
    ),
    Code.PART_TOO_LARGE: Words(
        Place.ANSWER,
        "More seats of a subscription shall go than it has.",
        "Give a smaller part, or leave it out: then all of them go",
    ),
    Code.PLANS_OF_DIFFERENT_CUSTOMERS: Words(
        Place.ANSWER,
        "Two plans are to be compared that are of different customers.",
        "Compare two plans of one customer",
    ),
    Code.PLANS_OVERLAP: Words(
        Place.ANSWER,
        "Another approved plan is about the same subscriptions.",
        "Complete the other plan first, or approve with `supersede`",
    ),
    Code.PLAN_NOT_APPROVED: Words(
        Place.ANSWER,
        "Steps are marked of a plan that nobody has approved.",
        "Approve the plan first, naming its fingerprint",
    ),
    Code.PLAN_REJECTED: Words(
        Place.ANSWER,
        "The plan was rejected before; the answer says when and by whom.",
        "Make another plan",
    ),
    Code.PLAN_STALE: Words(
        Place.ANSWER,
        "Facts have moved since the plan was made; the answer says which.",
        "Make the plan again and compare the two",
    ),
    Code.PLAN_SUPERSEDED: Words(
        Place.ANSWER,
        "Another plan was approved in its place.",
        "Go on with that plan, or make another one",
    ),
    Code.STEP_ALREADY_MARKED: Words(
        Place.ANSWER,
        "The step was marked before; the answer says when and by whom.",
        "A step that is done stays done; one that failed can still be marked as done",
    ),
    Code.STEP_IS_A_WAIT: Words(
        Place.ANSWER,
        "The step waits for a day, which comes whatever anybody does: it cannot fail.",
        "Mark it as done on that day or later; where the plan cannot go on as it is, make another "
        "one, and approve that with supersede",
    ),
    Code.STEP_NEEDS_OTHERS: Words(
        Place.ANSWER, "Other steps come first; the answer names them.", "Mark those as done first"
    ),
    Code.STEP_NOT_FOUND: Words(
        Place.ANSWER, "The plan has no such step.", "Name the key of one of its steps"
    ),
    Code.STEP_TOO_EARLY: Words(
        Place.ANSWER,
        "The step cannot be done before a day that lies ahead.",
        "Mark it on that day or later, or make the plan again where the facts have moved",
    ),
    Code.WHAT_IF_NOT_SAVED: Words(
        Place.ANSWER,
        "A plan of supposed facts is to be kept.",
        "Ask without the what-if; another day alone is asked for with `at` of the scope",
    ),
    Code.KEY_MAKES_NO_KEYS: Words(
        Place.ANSWER, "A key asks for another key.", "Sign in as yourself to make a key"
    ),
    Code.KEY_REVOKES_NO_OTHERS: Words(
        Place.ANSWER,
        "A key is to revoke another key than itself.",
        "Sign in as yourself to revoke a key",
    ),
    Code.KEY_ROLE_NOT_HELD: Words(
        Place.ANSWER, "A key shall have a role that its maker does not have.", "Name roles of yours"
    ),
    Code.KEY_WITHOUT_ROLES: Words(
        Place.ANSWER, "A key shall have no role.", "Name a role of yours"
    ),
    Code.TOO_MANY_KEYS: Words(
        Place.ANSWER,
        "Whoever asks has as many keys as one may have.",
        "Revoke one that is not used",
    ),
    Code.BAD_ROWS: Words(
        Place.FILE,
        "Rows of the file must be corrected; the answer names each.",
        "Correct the rows and import the file again",
    ),
    Code.CUSTOMER_NEEDED: Words(
        Place.FILE, "The file does not say whose it is.", "Give `customerId`"
    ),
    Code.EMPTY_FILE: Words(
        Place.FILE,
        "The file, or the list in it, is empty.",
        "Give the file as Partner Center or Microsoft Graph returned it",
    ),
    Code.FILE_TOO_LARGE: Words(
        Place.FILE,
        "The file is larger than an import takes.",
        "Split the file, or raise OFFERPATH_MAX_IMPORT_MIB",
    ),
    Code.HELD_BY_ANOTHER_CUSTOMER: Words(
        Place.FILE,
        "Another customer has subscriptions of the file.",
        "Import that customer's own list first, or both together",
    ),
    Code.NOT_A_KNOWN_SHAPE: Words(
        Place.FILE,
        "The file is none of the shapes that are read.",
        "Give one of the files that docs/formats.md lists",
    ),
    Code.NOT_JSON: Words(
        Place.FILE, "The file begins like JSON and is none.", "Give the whole file, in UTF-8"
    ),
    Code.OLDER_THAN_STORED: Words(
        Place.FILE,
        "What is stored of these customers is newer than the file.",
        "Give a newer file, or the right `asOf`",
    ),
    Code.OTHER_CUSTOMER: Words(
        Place.FILE,
        "The file says that it is another customer's than the one named.",
        "Name the customer whose file it is",
    ),
    Code.REPEATED_NAME: Words(
        Place.FILE,
        "An object of the file names a field twice.",
        "Give the file as Partner Center or Microsoft Graph returned it",
    ),
    Code.TOO_MANY_ROWS: Words(
        Place.FILE, "The file has more rows than an import takes.", "Split the file"
    ),
    Code.WRONG_HEADER: Words(
        Place.FILE,
        "The header of a CSV file is not the one that is read.",
        "Give the columns that docs/formats.md lists, in any order",
    ),
}
