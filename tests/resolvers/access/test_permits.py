"""The matrix of who may do what: whole, sourced, told, and tighter for indirect resellers."""

from pathlib import Path

import pytest

from planner.permissions import PartnerType, Role
from resolvers.access.permits import (
    PERMITS,
    TABLE_BEGIN,
    TABLE_END,
    NotPermitted,
    Task,
    is_permitted,
    permits_table,
    require,
)
from resolvers.records.principal import Principal

DOC = Path(__file__).parents[3] / "docs" / "permissions.md"
PARTNER = "00000000-0000-4000-8000-0000000000aa"


def _held(*roles: Role, partner_type: PartnerType | None = None) -> Principal:
    return Principal(PARTNER, frozenset(roles), partner_type)


def test_every_task_has_one_row_with_a_source_and_somebody_who_may() -> None:
    assert [row.task for row in PERMITS] == list(Task)
    assert all(row.source and row.words and row.roles for row in PERMITS)


def test_the_documentation_tells_the_matrix_as_it_is() -> None:
    between = DOC.read_text(encoding="utf-8").split(TABLE_BEGIN)[1].split(TABLE_END)[0]
    assert between.strip() == permits_table().strip()


@pytest.mark.parametrize("task", Task)
def test_more_roles_never_permit_less(task: Task) -> None:
    for role in Role:
        if is_permitted(_held(role), task):
            assert is_permitted(_held(*Role), task)


@pytest.mark.parametrize("task", Task)
def test_nobody_without_a_role_may_do_anything(task: Task) -> None:
    assert not is_permitted(_held(), task)
    with pytest.raises(NotPermitted) as caught:
        require(_held(), task)
    assert caught.value.code == "NOT_PERMITTED"
    assert "your roles: none" in caught.value.message
    assert caught.value.remedy


def test_an_indirect_reseller_is_sent_to_its_provider() -> None:
    reseller = _held(*Role, partner_type=PartnerType.INDIRECT_RESELLER)
    shut = {task for task in Task if not is_permitted(reseller, task)}
    assert shut == {Task.DECIDE_PLAN, Task.MARK_STEP}
    with pytest.raises(NotPermitted, match="indirect reseller") as caught:
        require(reseller, Task.DECIDE_PLAN)
    assert "indirect provider" in (caught.value.remedy or "")


@pytest.mark.parametrize("kind", [None, PartnerType.DIRECT_BILL, PartnerType.INDIRECT_PROVIDER])
def test_other_partners_are_held_to_their_roles_alone(kind: PartnerType | None) -> None:
    assert all(is_permitted(_held(*Role, partner_type=kind), task) for task in Task)
