"""The words in which a plan is told to the customer: no ids, calls, prices or roles of ours."""

from collections.abc import Mapping

from planner.baselines.rules import BaselineCode
from planner.blockers import Actor
from planner.plans.search.acts import StepKind

WHO: Mapping[Actor, str] = {
    Actor.US: "We",
    Actor.CUSTOMER: "You",
    Actor.ANOTHER_PARTNER: "Your other seller",
    Actor.MICROSOFT: "Microsoft",
}
WHAT: Mapping[StepKind, str] = {
    StepKind.ADD_SEATS: "Add licences to {held}{in_all}",
    StepKind.REDUCE_SEATS: "Reduce the licences of {held}{in_all}",
    StepKind.REACTIVATE: "Reactivate {held}",
    StepKind.WAIT_UNTIL: "Wait with {held} until {day}",
    StepKind.CANCEL: "Cancel {held}",
    StepKind.TURN_OFF_AUTO_RENEWAL: "Let {held} end with its term instead of renewing",
    StepKind.CANCEL_ELSEWHERE: "Cancel {held} with whoever sold it to you",
    StepKind.TRANSFER_IN: "Have {held} transferred to us",
    StepKind.GET_AGREEMENT: "Accept the Microsoft Customer Agreement",
    StepKind.GET_PERMISSION: "Give us, or get us, the access that the change needs",
    StepKind.CORRECT_PARTNER_ID: "Correct our entry at Microsoft for {held}",
    StepKind.CONVERT_TRIAL: "Turn the trial {held} into the paid {target}",
    StepKind.MIGRATE: "Move {held}{along} to {target} in Microsoft's new commerce{anew}",
    StepKind.SCHEDULE_MIGRATION: (
        "Schedule the move of {held}{along} to {target} in Microsoft's new commerce{effect}"
    ),
    StepKind.UPGRADE: "Upgrade {held} to {target}",
    StepKind.CONVERT: "Upgrade {part}{held} to {target}",
    StepKind.CONVERT_INTO_EXISTING: "Move {licences} of {held} into {into}",
    StepKind.BUY_NEW: "Order {target}{seats}",
    StepKind.BUY_PREREQUISITE: "Order {target}{seats}, which an add-on needs",
    StepKind.DETACH_ADDON: (
        "Move the add-on {held} by itself to {target} in Microsoft's new commerce"
    ),
    StepKind.REASSIGN_LICENSES: "Reassign {licences} of {held} to your users by hand",
}
IF_NOT_DONE: Mapping[StepKind, str] = {
    StepKind.ADD_SEATS: "You have too few licences",
    StepKind.REDUCE_SEATS: "You pay for licences that nobody uses",
    StepKind.REACTIVATE: "It cannot be moved, and Microsoft deletes it in the end",
    StepKind.WAIT_UNTIL: "Microsoft refuses the next step",
    StepKind.CANCEL: "You pay for both subscriptions",
    StepKind.TURN_OFF_AUTO_RENEWAL: "It renews for another term",
    StepKind.CANCEL_ELSEWHERE: "Microsoft refuses the move because of it",
    StepKind.TRANSFER_IN: "It stays with the other seller and is in the way",
    StepKind.GET_AGREEMENT: "Microsoft accepts no order for you",
    StepKind.GET_PERMISSION: "Microsoft refuses the change",
    StepKind.CORRECT_PARTNER_ID: "Microsoft refuses the move",
    StepKind.CONVERT_TRIAL: "The trial ends",
    StepKind.BUY_NEW: "You lose the service when the old subscription ends",
    StepKind.BUY_PREREQUISITE: "The add-on cannot be ordered",
    StepKind.DETACH_ADDON: "It moves with its base or not at all",
    StepKind.REASSIGN_LICENSES: "Your users lose the service with the old licences",
}
MOVED_BY_MICROSOFT = "Microsoft moves the old subscription to new commerce by itself{when}"
"""Of an order in place of one that Microsoft moves if nobody acts."""
STAYS = "It stays as it is, and what happens without the plan happens"
"""Of the steps that IF_NOT_DONE does not have: the moves themselves."""

REASONS: Mapping[str, str] = {
    "ACTIVE_FOR_A_MONTH_OR_LESS": "Microsoft moves no subscription in its first month",
    "ADDON_LEAVES_BASE": "an add-on belongs to a subscription that stays",
    "ADDON_STAYS_BEHIND": "an add-on cannot come along",
    "ADDONS_PRESENT": "the subscription has add-ons",
    "AMBIGUOUS_EQUIVALENT": "more than one new product may take its place",
    "AUTO_RENEWAL_OFF": "the subscription does not renew by itself",
    "BILLING_CYCLE_NOT_OFFERED": "the new product is not billed that way",
    "BUNDLE_MEMBER_INELIGIBLE": "an add-on cannot move yet, and it moves with its base",
    "CUSTOMER_AGREEMENT_MISSING": "the Microsoft Customer Agreement is not accepted yet",
    "DENIED_PAIR": "a source of Microsoft's speaks against this way",
    "LEGACY_UPGRADE_CONTESTED": "Microsoft's sources disagree whether this upgrade still works",
    "NO_EQUIVALENT": "Microsoft names no new product that takes its place",
    "OFFER_LIMIT_REACHED": "Microsoft allows no further subscription of the new product",
    "PREREQUISITE_MISSING": "the new product is an add-on and needs another one",
    "PROMOTION_PRESENT": "it has a promotion, and Microsoft moves none that has",
    "SEAT_CAP_EXCEEDED": "Microsoft allows fewer licences of the new product",
    "SERVICES_ALREADY_OWNED": "you already have services of the new product elsewhere",
    "SERVICES_LOST": "the new product does not have every service of the old one",
    "SERVICES_NOT_REPLACED": "what ends gives services that no step of this plan gives you again",
    "SUBSCRIPTION_IS_TRIAL": "Microsoft moves no trials",
    "SUBSCRIPTION_NOT_ACTIVE": "the subscription is not active",
    "SUBSCRIPTION_NOT_PROVISIONED": "Microsoft is still setting the subscription up",
    "TARGET_ALREADY_OWNED": "you already have the new product",
    "TARGET_END_OF_SALE": "Microsoft has ended the sale of the new product",
    "TARGET_NOT_OFFERED": "Microsoft does not sell the new product to you",
    "TARGET_SUBSCRIPTION_CANCELLABLE": "the receiving subscription can still be cancelled",
    "TARGET_SUBSCRIPTION_NOT_ACTIVE": "the receiving subscription is not active",
    "TERM_AND_BILLING_NOT_OFFERED": "the new product has no such term or billing",
    "TERM_SHORTER_THAN_SOURCE": "the new term would be shorter than the old one",
    "TOO_CLOSE_TO_TERM_END": "Microsoft accepts no change in the last 24 hours of a term",
    "TRIAL_SEATS_FIXED": "a trial keeps its number of licences until it has ended",
    "UNCONFIRMED_EQUIVALENT": "which new product takes its place is not confirmed by Microsoft yet",
}
OUR_REASON = "a point on our side or Microsoft's has to be settled first"
"""Of findings that REASONS does not have, such as our roles and our entries at Microsoft."""

QUESTIONS: Mapping[str, str] = {
    "ADDONS_PRESENT": "We do not know for certain which add-ons it has",
    "AGE": "We do not know when it was bought",
    "BILLING_CYCLE": "We do not know how it is billed",
    "BUNDLE": "We do not know whether every add-on can move with it",
    "CUSTOMER_AGREEMENT": "We do not know whether you accepted the Microsoft Customer Agreement",
    "DOWNGRADE": "We do not know every service of both products",
    "OFFER_LIMIT": "We do not know how many of the new product you may have",
    "PREREQUISITE": "We do not know whether you have what the new product needs",
    "PROMOTION": "We do not know whether it has a promotion",
    "SEAT_CAP": "We do not know how many licences of the new product you have in all",
    "SERVICES_ALREADY_OWNED": "We do not know whether you have services of it elsewhere",
    "SUBSCRIPTION_STATE": "We do not know its state",
    "TARGET_ALREADY_OWNED": "We do not know whether you have the new product elsewhere",
    "TARGET_OFFERED": "We do not know whether Microsoft sells the new product in your country",
    "TERM_AND_BILLING": "We do not know whether Microsoft sells the new product on these terms",
    "TERM_END": "We do not know when its term ends",
    "TRIAL": "We do not know whether it is a trial",
}
"""By rule. What other rules ask concerns us alone."""
ASKS_FOR_HOLDINGS = frozenset(
    {"OFFER_LIMIT", "PREREQUISITE", "SEAT_CAP", "SERVICES_ALREADY_OWNED", "TARGET_ALREADY_OWNED"}
)
"""Rules that the customer can answer with a list of what it has from other sellers."""

HAPPENS: Mapping[BaselineCode, str] = {
    BaselineCode.MICROSOFT_LED_MIGRATION: "Microsoft moves it to new commerce by itself{target}",
    BaselineCode.EXPIRES_FOR_GOOD: "it expires and cannot be reactivated",
    BaselineCode.RENEWS: "it renews{until}",
    BaselineCode.SCHEDULED_CHANGE: "what is scheduled for its renewal takes effect",
    BaselineCode.EXTENDED_SERVICE_TERM: "it goes on month by month at a surcharge of Microsoft's",
    BaselineCode.TRIAL_CONVERTS: "the trial becomes a paid subscription",
    BaselineCode.EXPIRES: "it ends",
    BaselineCode.DISABLED: "your users can no longer use it",
    BaselineCode.DELETED: "Microsoft deletes it with its data",
    BaselineCode.FOLLOWS_BASE: "it follows the subscription that it is an add-on of",
    BaselineCode.DATA_LOOKS_OLD: "what we know of it may be out of date",
    BaselineCode.NOT_KNOWN: "what happens is not known",
}
SECTIONS: Mapping[int, str] = {
    0: "Microsoft's announcements since October 2023, and those who report them",
    1: "Microsoft's documentation: upgrades of subscriptions in the legacy programme",
    2: "Microsoft's documentation: upgrades of new-commerce subscriptions",
    3: "Microsoft's documentation: moving subscriptions to new commerce",
    4: "Reports on how Microsoft's interfaces behave",
    5: "Microsoft's documentation: subscriptions, their terms and their states",
    6: "Microsoft's documentation: limits, cancellation, renewal and the end of subscriptions",
    7: "Lists of Microsoft's that are not public",
}
"""What each section of docs/sources.md is, for somebody who does not have it."""
UPGRADE_PAGE = "Microsoft's page on adding licences or services to a subscription"
OWN_DERIVATION = "Our comparison of product names; Microsoft's own list is not public"
