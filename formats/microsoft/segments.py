"""Which segment a customer belongs to, by its qualifications in Partner Center."""

from collections.abc import Mapping, Sequence

from formats.problems import Findings, Place
from formats.rows import Row, names
from formats.values import OptionalText
from planner.offers import Segment

_SEGMENTS: Mapping[str, Segment | None] = {
    "none": Segment.COMMERCIAL,
    "education": Segment.EDUCATION,
    "nonprofit": Segment.CHARITY,
    "governmentcommunitycloud": Segment.GOVERNMENT,
    "stateownedentity": None,
}
"""Values: Microsoft's CustomerQualification (None, Education, Nonprofit "Non-Profit / Charity",
GovernmentCommunityCloud, StateOwnedEntity). A state-owned entity has no price list of its own in
any source we have, so by itself it decides nothing: our reading."""


class QualificationRow(Row):
    """One element of GET /v1/customers/{id}/qualifications."""

    ignored = names("vettingReason vettingCreateDate attributes")
    qualification: OptionalText = None
    vetting_status: OptionalText = None


def segment_of(
    rows: Sequence[QualificationRow] | None, place: Place, findings: Findings
) -> Segment | None:
    """Return the one segment that the approved qualifications name; None where it is not known.

    No vettingStatus counts as approved; any other status than Approved does not.
    """
    found = set()
    for index, row in enumerate(rows or ()):
        here = place.at(index)
        if (row.vetting_status or "approved").lower() != "approved":
            findings.notice("NOT_APPROVED", here.at("vettingStatus"), row.vetting_status or "")
            continue
        segment = _SEGMENTS.get((row.qualification or "").lower())
        if segment is None:
            findings.notice("UNKNOWN_VALUE", here.at("qualification"), row.qualification or "")
        found.add(segment)
    segments = found - {None}
    if len(segments) > 1:
        findings.notice("SEVERAL_SEGMENTS", place)
    return segments.pop() if len(segments) == 1 else None
