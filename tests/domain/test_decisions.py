"""Each decision's slot: who wins it, and what the others are told."""

import pytest
from msgspec.structs import replace

from moderator.domain.decided import Decided, Refused
from moderator.domain.decisions import judge
from moderator.domain.events import (
    Actor,
    DeadlineCleared,
    DeadlineExtended,
    DeadlineSet,
    DisconnectRequested,
    MuteFailed,
    MuteRequested,
    PersonAllowed,
    TimeExpired,
    ViolationCleared,
    ViolationFound,
    WarningAcknowledged,
    WarningRaised,
)
from moderator.domain.kinds import Data, MuteMode
from moderator.domain.rooms import Failure
from tests.fakes.builders import DAY, a_decision, confirmed, failed, kicked

SET = DeadlineSet(version=1, ends_at=DAY, warn_ms=(60_000, 20_000))
LAST_CALL = WarningRaised(deadline_version=1, threshold_ms=20_000)
FOUND = ViolationFound(policy="max_people", participant="p")


def after(*decisions: Data) -> Decided:
    decided = Decided()
    for key, data in enumerate(decisions):
        decided = judge(decided, a_decision(data, key=key))
    return decided


@pytest.mark.parametrize("mode", ["mute", "revoke", "restore"])
def test_what_is_done_to_a_microphone_is_called_by_its_mode(mode: MuteMode) -> None:
    (pending,) = after(MuteRequested(participant="p", mode=mode)).pending
    assert (pending.command, pending.target) == (mode, "p")


@pytest.mark.parametrize(
    ("before", "decision", "code"),
    [
        ([SET], SET, "conflict"),
        ([], DeadlineSet(version=2, ends_at=DAY), "conflict"),
        ([SET], DeadlineExtended(version=1, seconds=60), "conflict"),
        ([SET], DeadlineExtended(version=3, seconds=60), "conflict"),
        ([], DeadlineExtended(version=1, seconds=60), "no_deadline"),
        ([SET, DeadlineCleared(version=2)], DeadlineExtended(version=3, seconds=60), "no_deadline"),
        ([SET], WarningRaised(deadline_version=2, threshold_ms=20_000), "stale"),
        ([SET, LAST_CALL], WarningRaised(deadline_version=1, threshold_ms=60_000), "already_raised"),
        ([SET], WarningAcknowledged(warning="1-20000"), "unknown_warning"),
        ([SET, TimeExpired(deadline_version=1)], TimeExpired(deadline_version=1), "already_expired"),
        ([SET, DeadlineExtended(version=2, seconds=60)], TimeExpired(deadline_version=1), "stale"),
        ([FOUND], FOUND, "already_found"),
        ([], ViolationCleared(policy="max_people", participant="p"), "unknown_violation"),
        ([PersonAllowed(person="anna")], PersonAllowed(person="anna"), "already_allowed"),
        ([PersonAllowed(person="p")], FOUND, "allowed"),
        ([PersonAllowed(person="anna")], replace(FOUND, user="anna"), "allowed"),
        ([DisconnectRequested(participant="p")], DisconnectRequested(participant="p"), "already_requested"),
    ],
)
def test_who_is_refused(before: list[Data], decision: Data, code: str) -> None:
    with pytest.raises(Refused) as caught:
        judge(after(*before), a_decision(decision, key="late"))
    assert caught.value.code == code
    assert caught.value.why[0].islower()


def test_who_changed_a_deadline_last_is_known_by_id_and_name() -> None:
    decided = judge(Decided(), a_decision(SET, by=Actor("policy")))
    assert decided.deadline is not None
    assert (decided.deadline.changed_by, decided.deadline.changed_by_name) == ("", "")
    for version, actor in ((2, Actor("moderator", "m1", "Maya")), (3, Actor("moderator", "m2", "Ana"))):
        decided = judge(decided, a_decision(DeadlineExtended(version=version, seconds=60), by=actor))
    assert decided.deadline is not None
    assert (decided.deadline.changed_by, decided.deadline.changed_by_name) == ("m2", "Ana")


def test_a_warning_is_acknowledged_once() -> None:
    decided = after(SET, WarningRaised(deadline_version=1, threshold_ms=20_000), WarningAcknowledged(warning="1-20000"))
    with pytest.raises(Refused, match="somebody else"):
        judge(decided, a_decision(WarningAcknowledged(warning="1-20000"), key="late"))


def test_who_acknowledged_a_warning_and_when_is_known() -> None:
    raised = after(SET, WarningRaised(deadline_version=1, threshold_ms=20_000))
    (before,) = raised.warnings
    by = Actor("moderator", "m2", "Ana")
    event = replace(a_decision(WarningAcknowledged(warning=before.id), by=by), recorded_at=77)
    (warning,) = judge(raised, event).warnings
    assert (before.acknowledged_by, before.acknowledged_by_name, before.acknowledged_at) == (None, "", 0)
    assert (warning.acknowledged_by, warning.acknowledged_by_name, warning.acknowledged_at) == ("m2", "Ana", 77)


def test_an_outcome_settles_its_command_once() -> None:
    command = kicked("p")
    pending = judge(Decided(), command)
    assert [(one.id, one.command, one.target) for one in pending.pending] == [(command.id, "disconnect", "p")]
    done = judge(pending, confirmed(command.id))
    assert (done.pending, done.failures, len(done.removals)) == ((), (), 1)
    for outcome in (confirmed(command.id), failed(command.id)):
        with pytest.raises(Refused, match="settled before"):
            judge(done, outcome)


def test_failures_in_a_row_are_counted_until_one_succeeds() -> None:
    decided = Decided()
    for key in range(3):
        command = kicked("p", key=key)
        decided = judge(judge(decided, command), failed(command.id))
    (failure,) = decided.failures
    assert (failure, decided.removals) == (Failure("disconnect", "p", 0, 3, failure.why), ())
    last = kicked("p", key="last")
    assert judge(judge(decided, last), confirmed(last.id)).failures == ()


def test_what_fails_for_one_command_is_not_counted_for_another() -> None:
    mute = a_decision(MuteRequested(participant="p"))
    decided = judge(judge(Decided(), mute), a_decision(MuteFailed(command=mute.id)))
    kick = kicked("p")
    decided = judge(judge(decided, kick), failed(kick.id))
    assert [(one.command, one.count) for one in decided.failures] == [("mute", 1), ("disconnect", 1)]
