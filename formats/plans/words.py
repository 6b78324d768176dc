"""The words in which a plan is told to the customer: no ids, calls, prices or roles of ours."""

from collections.abc import Mapping

from planner.baselines.rules import BaselineCode
from planner.blockers import Actor
from planner.customers import Seller
from planner.plans.search.acts import StepKind

WHO: Mapping[Actor, str] = {
    Actor.US: "We",
    Actor.CUSTOMER: "You",
    Actor.ANOTHER_PARTNER: "Your other seller",
    Actor.MICROSOFT: "Microsoft",
}
WHAT: Mapping[StepKind, str] = {
    StepKind.ADD_SEATS: "Add licences to {held}{in_all}{then}",
    StepKind.REDUCE_SEATS: "Reduce the licences of {held}{down_to}{then}",
    StepKind.REACTIVATE: "Reactivate {held}",
    StepKind.WAIT_UNTIL: "Wait with {held} until {day}",
    StepKind.CANCEL: "Cancel {held}",
    StepKind.TURN_OFF_AUTO_RENEWAL: "Let {held} end with its term instead of renewing",
    StepKind.CANCEL_ELSEWHERE: "Cancel {held} with {seller}",
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
SELLERS: Mapping[Seller, str] = {
    Seller.ANOTHER_PARTNER: "the other partner who sold it to you",
    Seller.ANOTHER_CHANNEL: "whoever sold it to you, such as Microsoft itself",
}
"""Of a subscription of whose seller nothing is known it is UNKNOWN_SELLER."""
UNKNOWN_SELLER = "whoever sold it to you"
LEFT_OUT: Mapping[StepKind, str] = {
    StepKind.ADD_SEATS: "adding licences",
    StepKind.REDUCE_SEATS: "reducing licences",
    StepKind.REACTIVATE: "reactivating a subscription",
    StepKind.WAIT_UNTIL: "waiting for a later day",
    StepKind.CANCEL: "cancelling a subscription that you have from us",
    StepKind.TURN_OFF_AUTO_RENEWAL: "letting a subscription end with its term",
    StepKind.CANCEL_ELSEWHERE: "cancelling a subscription that you have from another seller",
    StepKind.TRANSFER_IN: "having a subscription of another seller's transferred to us",
    StepKind.GET_AGREEMENT: "accepting the Microsoft Customer Agreement",
    StepKind.GET_PERMISSION: "getting the access that the change needs",
    StepKind.CORRECT_PARTNER_ID: "correcting our entry at Microsoft",
    StepKind.CONVERT_TRIAL: "turning a trial into a paid subscription",
    StepKind.MIGRATE: "moving a subscription to Microsoft's new commerce",
    StepKind.SCHEDULE_MIGRATION: "scheduling a move to Microsoft's new commerce",
    StepKind.UPGRADE: "upgrading a subscription before it moves to Microsoft's new commerce",
    StepKind.CONVERT: "upgrading a subscription within Microsoft's new commerce",
    StepKind.CONVERT_INTO_EXISTING: "moving licences into a subscription that is there already",
    StepKind.BUY_NEW: "ordering the new product",
    StepKind.BUY_PREREQUISITE: "ordering what an add-on needs",
    StepKind.DETACH_ADDON: "moving an add-on by itself",
    StepKind.REASSIGN_LICENSES: "reassigning licences to users by hand",
}
"""Steps that a plan was asked to do without."""
DOES_WITHOUT = "it takes {what} that this plan was asked to do without ({named})"
ENDS: Mapping[StepKind, str] = {
    StepKind.CANCEL: "Ends: we cancel it{by}",
    StepKind.TURN_OFF_AUTO_RENEWAL: "Ends with its term{on} instead of renewing",
    StepKind.CANCEL_ELSEWHERE: "Ends: you cancel it with {seller}{by}",
    StepKind.TRANSFER_IN: "Stays as it is, and comes to us from {seller}{by}",
}
"""Of a subscription that is no goal of the plan's, by the step that ends or transfers it."""
WAIT_FOR_MICROSOFT = "Wait until Microsoft has set up {held}"
"""Of a wait that ends on no day that is known."""
IF_NOT_DONE: Mapping[StepKind, str] = {
    StepKind.ADD_SEATS: "You have too few licences",
    StepKind.REDUCE_SEATS: "You pay for licences that nobody uses",
    StepKind.REACTIVATE: "It cannot be moved, and Microsoft deletes it in the end",
    StepKind.WAIT_UNTIL: "Microsoft refuses the next step",
    StepKind.CANCEL: "You pay for both subscriptions",
    StepKind.TURN_OFF_AUTO_RENEWAL: "It renews for another term",
    StepKind.CANCEL_ELSEWHERE: "Microsoft refuses the steps that need it",
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
IF_OVER: Mapping[StepKind, str] = {
    StepKind.CONVERT_TRIAL: "Nothing follows the trial, which has ended as far as we know",
    StepKind.BUY_NEW: (
        "Nothing takes the place of the old subscription, which has ended as far as we know"
    ),
    StepKind.REASSIGN_LICENSES: "Your users get no licence of what takes its place",
}
"""The same of a subscription that is over already."""
MOVED_BY_MICROSOFT = "Microsoft moves the old subscription to new commerce by itself{when}"
"""Of an order in place of one that Microsoft moves if nobody acts."""
STAYS = 'It is not moved; what comes then stands under "If nobody acts"'
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
OVER_FAMILY = (
    "these are more licences than Microsoft allows in all of this family of products, which is "
    "{limit}; whether Microsoft refuses more is not published"
)
OVER_LIMIT = "Microsoft allows {limit} licences of the new product in all, whoever sells them{left}"
LEFT = ", of which {room} are left"
NOT_SOLD = "Microsoft's price lists do not have {target} for your country"
NOT_FOR_YOU = "Microsoft sells {target} to another kind of customer only"
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
    "PROVISIONING": "We do not know when Microsoft will have set it up",
    "SEAT_CAP": "We do not know how many licences of the new product you have in all",
    "SEATS_GIVEN_BACK": "We do not know how many of its licences can still be given back",
    "SERVICES_ALREADY_OWNED": "We do not know whether you have services of the new one elsewhere",
    "SUBSCRIPTION_STATE": "We do not know whether the subscription is still active",
    "TARGET_ALREADY_OWNED": "We do not know whether you have the new product elsewhere",
    "TARGET_OFFERED": "We do not know whether Microsoft sells the new product in your country",
    "TERM_AND_BILLING": "We do not know whether Microsoft sells the new product on these terms",
    "TERM_END": "We do not know when its term ends",
    "TRANSFER": "We do not know whether your other seller can transfer it to us",
    "TRIAL": "We do not know whether it is a trial",
}
"""By rule. What other rules ask concerns us alone."""
ASKS_FOR_HOLDINGS = frozenset(
    {"OFFER_LIMIT", "PREREQUISITE", "SEAT_CAP", "SERVICES_ALREADY_OWNED", "TARGET_ALREADY_OWNED"}
)
"""Rules that the customer can answer with a list of what it has from other sellers."""

HAPPENS: Mapping[BaselineCode, str] = {
    BaselineCode.MICROSOFT_LED_MIGRATION: (
        "{from_day}, Microsoft moves it to new commerce by itself{target}"
    ),
    BaselineCode.EXPIRES_FOR_GOOD: "{on_day}, it expires and cannot be reactivated",
    BaselineCode.RENEWS: "{on_day}, it renews{until}",
    BaselineCode.SCHEDULED_CHANGE: "{on_day}, what is scheduled for its renewal takes effect",
    BaselineCode.EXTENDED_SERVICE_TERM: (
        "{from_day}, it goes on month by month at a surcharge of Microsoft's"
    ),
    BaselineCode.TRIAL_CONVERTS: "{on_day}, the trial becomes a paid subscription",
    BaselineCode.EXPIRES: "{on_day}, it ends",
    BaselineCode.DISABLED: "{from_day}, your users can no longer use it",
    BaselineCode.DELETED: "{from_day}, Microsoft deletes it with its data",
    BaselineCode.FOLLOWS_BASE: "{on_day}, it goes the way of the subscription that it belongs to",
    BaselineCode.DATA_LOOKS_OLD: "what we know of it may be out of date",
    BaselineCode.NOT_KNOWN: "what happens to it {from_day} is not known",
}
"""Each begins small; a day that is not known is UNKNOWN_DAY."""
_MOVED_OR_ENDS = "Microsoft moves it to new commerce by itself or lets it end on {day}"
STILL_HAPPENS: Mapping[BaselineCode, str] = {
    BaselineCode.MICROSOFT_LED_MIGRATION: _MOVED_OR_ENDS,
    BaselineCode.EXPIRES_FOR_GOOD: _MOVED_OR_ENDS,
    BaselineCode.EXPIRES: "it ends on {day}, since it does not renew",
}
"""What a plan changes nothing of that leaves it legacy; which of two it is may go by the seats."""
UNKNOWN_DAY = "on a day that we do not know"
OLD_DATA = (
    "Our data on {named} may be out of date: please tell us {its} licences and the last day of "
    "{its} term"
)
NOTHING_KNOWN = "what happens to it, and when, is not known"
NOT_OURS_TO_SEE = "only its seller can see when it renews or ends"
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
