"""How late a decision was: from the first moment at which it could have been made."""

import pytest
from msgspec.structs import replace

from moderator.domain.events import TimeExpired, WarningRaised
from moderator.domain.rooms import Deadline
from moderator.gateway.metrics.happenings import due_at

END = 1_000_000
DEADLINE = Deadline(ends_at=END, version=2, kept_by="gateway", warn_ms=(300_000, 60_000))


@pytest.mark.parametrize(
    ("changed_at", "threshold_ms", "due"),
    [(0, 60_000, END - 60_000), (END - 400_000, 300_000, END - 300_000), (END - 10_000, 60_000, END - 10_000)],
)
def test_a_warning_is_due_at_its_threshold_but_not_before_the_deadline_was_set(
    changed_at: int, threshold_ms: int, due: int
) -> None:
    data = WarningRaised(deadline_version=2, threshold_ms=threshold_ms)
    assert due_at(replace(DEADLINE, changed_at=changed_at), data) == due


@pytest.mark.parametrize(("called_at", "due"), [(END - 60_000, END), (END - 5_000, END + 15_000), (None, END + 20_000)])
def test_time_is_up_when_it_is_and_people_had_the_grace_after_the_last_call(called_at: int | None, due: int) -> None:
    data = TimeExpired(deadline_version=2, people=1)
    assert due_at(replace(DEADLINE, last_call_at=called_at), data) == due
