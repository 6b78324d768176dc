"""The codes inside answers, beside those of problems and blockers: each a closed enumeration.

The planner and the readers of files write them as texts. One may be added, none renamed or removed
within a major version; tests hold these lists to what is written.
"""

from enum import StrEnum

import strawberry


class CauseCode(StrEnum):
    """Causes of planner.no_path, and refused moves."""

    COMPLETE_LISTS_OMIT_IT = "COMPLETE_LISTS_OMIT_IT"
    DENIED_BY_SOURCE = "DENIED_BY_SOURCE"
    KIND_EXCLUDED = "KIND_EXCLUDED"
    LEGACY_UPGRADES_EXCLUDED = "LEGACY_UPGRADES_EXCLUDED"
    LIMIT_REACHED = "LIMIT_REACHED"
    LIST_NOT_LOADED = "LIST_NOT_LOADED"
    NOT_SOLD_IN_MARKET = "NOT_SOLD_IN_MARKET"
    NO_KNOWN_OFFER_GIVES_THEM = "NO_KNOWN_OFFER_GIVES_THEM"
    NO_WAY_BACK_TO_LEGACY = "NO_WAY_BACK_TO_LEGACY"
    OFFER_AVOIDED = "OFFER_AVOIDED"
    ORIGIN_IS_THE_GOAL = "ORIGIN_IS_THE_GOAL"
    OTHER_SEGMENT = "OTHER_SEGMENT"
    TOO_FEW_STEPS = "TOO_FEW_STEPS"
    VIA_NOT_ON_THE_WAY = "VIA_NOT_ON_THE_WAY"
    WINDOW_CLOSED = "WINDOW_CLOSED"


class StatementCode(StrEnum):
    """Nodes of planner.explaining."""

    COMPLETE_LISTS_OMIT_IT = "COMPLETE_LISTS_OMIT_IT"
    DENIED_BY_SOURCE = "DENIED_BY_SOURCE"
    ENTERED_FROM = "ENTERED_FROM"
    GAVE_UP = "GAVE_UP"
    KIND_EXCLUDED = "KIND_EXCLUDED"
    LEADS_TO = "LEADS_TO"
    LEGACY_UPGRADES_EXCLUDED = "LEGACY_UPGRADES_EXCLUDED"
    LIMIT_REACHED = "LIMIT_REACHED"
    LIST_NOT_LOADED = "LIST_NOT_LOADED"
    NOT_REACHED = "NOT_REACHED"
    NOT_SOLD_IN_MARKET = "NOT_SOLD_IN_MARKET"
    NO_KNOWN_OFFER_GIVES_THEM = "NO_KNOWN_OFFER_GIVES_THEM"
    NO_PATH = "NO_PATH"
    NO_WAY_BACK_TO_LEGACY = "NO_WAY_BACK_TO_LEGACY"
    OFFER_AVOIDED = "OFFER_AVOIDED"
    ORIGIN_IS_THE_GOAL = "ORIGIN_IS_THE_GOAL"
    OTHER_SEGMENT = "OTHER_SEGMENT"
    REACHES_AT_MOST = "REACHES_AT_MOST"
    TOO_FEW_STEPS = "TOO_FEW_STEPS"
    VIA_NOT_ON_THE_WAY = "VIA_NOT_ON_THE_WAY"
    WINDOW_CLOSED = "WINDOW_CLOSED"


class AssumptionCode(StrEnum):
    """Assumptions of planner.conditions."""

    PARTNER_CENTER_AGREES = "PARTNER_CENTER_AGREES"
    WINDOW_NOT_DATED = "WINDOW_NOT_DATED"


class ChangeReasonCode(StrEnum):
    """Reasons of planner.plans.saved.difference."""

    BLOCKER_CAME = "BLOCKER_CAME"
    BLOCKER_WENT = "BLOCKER_WENT"
    CATALOG = "CATALOG"
    DATE_PASSED = "DATE_PASSED"
    FACT = "FACT"
    GOAL_ADDED = "GOAL_ADDED"
    GOAL_CHANGED = "GOAL_CHANGED"
    GOAL_REMOVED = "GOAL_REMOVED"
    OPENS = "OPENS"
    QUESTION = "QUESTION"
    RULES = "RULES"


class PriceNoteCode(StrEnum):
    """Notes of planner.pricing.cost_now."""

    LEGACY_PRICE_LIST = "LEGACY_PRICE_LIST"
    LIST_OF_TERM_BEGIN_NOT_LOADED = "LIST_OF_TERM_BEGIN_NOT_LOADED"
    PROMOTION = "PROMOTION"
    TERM_BEGIN_NOT_KNOWN = "TERM_BEGIN_NOT_KNOWN"


class ImportProblemCode(StrEnum):
    """Problems of the readers in formats, and of resolvers.customers.imports."""

    BAD_DATE = "BAD_DATE"
    BAD_FLAG = "BAD_FLAG"
    BAD_HELD_BY = "BAD_HELD_BY"
    BAD_HOLDINGS = "BAD_HOLDINGS"
    BAD_ID = "BAD_ID"
    BAD_MARKET = "BAD_MARKET"
    BAD_PARENT = "BAD_PARENT"
    BAD_SEGMENT = "BAD_SEGMENT"
    BAD_TEXT = "BAD_TEXT"
    BAD_TRANCHE = "BAD_TRANCHE"
    DUPLICATE_ID = "DUPLICATE_ID"
    HELD_BY_ANOTHER_CUSTOMER = "HELD_BY_ANOTHER_CUSTOMER"
    HOLDINGS_DISAGREE = "HOLDINGS_DISAGREE"
    ID_CONFLICT = "ID_CONFLICT"
    MISSING = "MISSING"
    NOT_AN_OBJECT = "NOT_AN_OBJECT"
    NOT_CSV = "NOT_CSV"
    NOT_EMPTY = "NOT_EMPTY"
    OLDER_THAN_STORED = "OLDER_THAN_STORED"
    OTHER_CUSTOMER = "OTHER_CUSTOMER"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    PARENT_CIRCLE = "PARENT_CIRCLE"
    TEXT_TOO_LONG = "TEXT_TOO_LONG"
    WRONG_FIELD_COUNT = "WRONG_FIELD_COUNT"
    WRONG_TYPE = "WRONG_TYPE"


class ImportNoticeCode(StrEnum):
    """Notices of the readers in formats."""

    ASSIGNED_AGAIN = "ASSIGNED_AGAIN"
    END_DATES_DISAGREE = "END_DATES_DISAGREE"
    MISSING_VALUE = "MISSING_VALUE"
    MORE_NOTICES = "MORE_NOTICES"
    MORE_PAGES = "MORE_PAGES"
    NOT_APPROVED = "NOT_APPROVED"
    NOT_A_GUID = "NOT_A_GUID"
    NOT_A_LICENCE_OFFER = "NOT_A_LICENCE_OFFER"
    OURS_LEFT_OUT = "OURS_LEFT_OUT"
    REFUNDABLE_DISAGREES = "REFUNDABLE_DISAGREES"
    SEVERAL_SEGMENTS = "SEVERAL_SEGMENTS"
    TOTAL_DIFFERS = "TOTAL_DIFFERS"
    UNKNOWN_COLUMN = "UNKNOWN_COLUMN"
    UNKNOWN_FIELD = "UNKNOWN_FIELD"
    UNKNOWN_VALUE = "UNKNOWN_VALUE"


strawberry.enum(CauseCode, description="What keeps a goal out of reach, or a move from being used.")
strawberry.enum(
    StatementCode,
    description="What a node of an explanation states: a cause, or what follows from causes.",
)
strawberry.enum(AssumptionCode, description="What is taken for granted.")
strawberry.enum(ChangeReasonCode, description="Why two plans differ.")
strawberry.enum(PriceNoteCode, description="Why a cost may differ from what is paid.")
strawberry.enum(ImportProblemCode, description="What must be corrected in a file.")
strawberry.enum(
    ImportNoticeCode, description="What of a file was kept, or left out, and is worth telling."
)
