"""Screens that are shared by the wrong role, and what each platform lets us do about it."""

from typing import Any

import pytest

from moderator.domain.events import (
    DisconnectRequested,
    EnforcementHeld,
    EnforcementResumed,
    Event,
    MuteConfirmed,
    MuteFailed,
    MuteRequested,
    ParticipantUpdated,
    StreamStopConfirmed,
    StreamStopFailed,
    StreamStopRequested,
    ViolationCleared,
    ViolationFound,
)
from moderator.domain.removals import RETRY_MS
from moderator.domain.screen_share import share_remedy
from moderator.domain.settings import Mode, Settings, WrongShare
from moderator.domain.wanted import still_wanted
from tests.fakes.builders import (
    DAY,
    a_decision,
    a_fact,
    allowed,
    announced,
    configured,
    joined,
    left,
    published,
    rules,
    unpublished,
)
from tests.fakes.enforcer import Enforcer

ALL = ("stop_stream", "mute", "disconnect")
NO_STOP = ("mute", "disconnect")


def for_advisors(
    wrong_share: WrongShare = "stop", *, can: tuple[str, ...] = ALL, mode: Mode = "enforce", **more: Any
) -> Settings:
    return rules(screen_share=("advisor",), wrong_share=wrong_share, can=can, mode=mode, **more)


def a_share(settings: Settings, *before: Event) -> Enforcer:
    """Anna, who is no advisor, shares a screen, and her camera."""
    enforcer = Enforcer(settings)
    enforcer.tell(*before, joined("p", DAY, user="anna"), published("p", "cam", DAY + 1))
    enforcer.tell(published("p", "s", DAY + 2, kind="screen"))
    return enforcer


def violations(enforcer: Enforcer) -> list[tuple[str, str]]:
    return [(one.participant, one.stream) for one in enforcer.room.violations]


def orders(enforcer: Enforcer) -> list[object]:
    return [one.data for one in enforcer.read if isinstance(one.data, StreamStopRequested | MuteRequested)] + [
        one.data for one in enforcer.of(DisconnectRequested)
    ]


STOP = StreamStopRequested(participant="p", stream="s", reason="wrong_share")
MUTE = MuteRequested(participant="p")
GO = DisconnectRequested(participant="p", reason="wrong_share")


@pytest.mark.parametrize(
    ("can", "wrong_share", "remedy", "order"),
    [
        (ALL, "stop", "stop", [STOP]),
        (ALL, "mute", "stop", [STOP]),
        (ALL, "disconnect", "stop", [STOP]),
        (NO_STOP, "stop", "alert", []),
        (NO_STOP, "mute", "mute", [MUTE]),
        (NO_STOP, "disconnect", "disconnect", [GO]),
        ((), "mute", "alert", []),
    ],
)
@pytest.mark.parametrize("mode", ["off", "observe", "enforce"])
def test_every_mode_on_every_platform(
    mode: Mode, can: tuple[str, ...], wrong_share: WrongShare, remedy: str, order: list[object]
) -> None:
    enforcer = a_share(for_advisors(wrong_share, can=can, mode=mode))
    assert share_remedy(enforcer.room) == remedy
    assert orders(enforcer) == (order if mode == "enforce" else [])
    found = [one.data for one in enforcer.of(ViolationFound)]
    expected = ViolationFound(
        policy="screen_share",
        participant="p",
        user="anna",
        reason="wrong_share",
        stream="s",
        enforced=mode == "enforce" and remedy != "alert",
    )
    assert found == ([] if mode == "off" else [expected])


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ([], [("p", "s")]),
        ([unpublished("p", "s", DAY + 3)], []),
        ([left("p", DAY + 3)], []),
        ([allowed("anna")], []),
        ([a_fact(ParticipantUpdated(participant="p", role="advisor"), DAY + 3)], []),
        ([announced(roles={"anna": "advisor"})], []),  # the list says who they are, whatever the platform says
        ([announced(roles={"anna": "client"})], [("p", "s")]),
        ([published("p", "t", DAY + 3, kind="screen")], [("p", "s")]),
        ([published("p", "t", DAY + 3, kind="screen"), unpublished("p", "s", DAY + 4)], [("p", "t")]),
        ([configured(rules(can=ALL))], []),
        ([configured(for_advisors(can=ALL, mode="off"))], []),
    ],
)
def test_it_stands_as_long_as_the_share(told: list[Event], found: list[tuple[str, str]]) -> None:
    enforcer = a_share(for_advisors(can=ALL, mode="observe"))
    enforcer.tell(*told)
    assert violations(enforcer) == found


def test_nobody_may_share_where_no_role_may() -> None:
    enforcer = a_share(rules(screen_share=(), can=ALL))
    assert orders(enforcer) == [STOP]


def test_a_share_that_goes_on_after_it_was_stopped_is_not_stopped_again_and_again() -> None:
    enforcer = a_share(for_advisors())
    (order,) = enforcer.room.pending
    enforcer.tell(a_decision(StreamStopConfirmed(command=order.id, participant="p")))  # type: ignore[arg-type]
    enforcer.run_until(DAY + 10 * RETRY_MS)
    assert (orders(enforcer), violations(enforcer)) == ([STOP], [("p", "s")]), "it goes on as an alert"


def test_each_share_is_stopped() -> None:
    enforcer = a_share(for_advisors())
    enforcer.tell(unpublished("p", "s", DAY + 3), published("p", "t", DAY + 4, kind="screen"))
    enforcer.tell(a_decision(StreamStopConfirmed(command=enforcer.room.pending[0].id, participant="p")))  # type: ignore[arg-type]
    assert [one.stream for one in orders(enforcer) if isinstance(one, StreamStopRequested)] == ["s", "t"]
    assert len(enforcer.of(ViolationCleared)) == 1


@pytest.mark.parametrize(("can", "failed"), [(ALL, StreamStopFailed), (NO_STOP, MuteFailed)])
def test_what_failed_is_tried_again(can: tuple[str, ...], failed: Any) -> None:
    enforcer = a_share(for_advisors("mute", can=can))
    for count in (1, 2):
        (order,) = enforcer.room.pending
        enforcer.tell(a_decision(failed(command=order.id, participant="p", why="no answer")))
        enforcer.run_until(enforcer.now + RETRY_MS * count - 1)
        assert len(orders(enforcer)) == count
        enforcer.run_until(enforcer.now + 1)
        assert len(orders(enforcer)) == count + 1


def test_a_microphone_is_muted_once() -> None:
    enforcer = a_share(for_advisors("mute", can=NO_STOP))
    (order,) = enforcer.room.pending
    enforcer.tell(a_decision(MuteConfirmed(command=order.id, participant="p")))  # type: ignore[arg-type]
    enforcer.run_until(DAY + 10 * RETRY_MS)
    assert orders(enforcer) == [MUTE]


def test_a_hold_pauses_it() -> None:
    enforcer = Enforcer(for_advisors())
    enforcer.tell(a_decision(EnforcementHeld(), room=None), joined("p", DAY, user="anna"))
    enforcer.tell(published("p", "s", DAY + 2, kind="screen"))
    assert (violations(enforcer), orders(enforcer)) == ([("p", "s")], [])
    enforcer.tell(a_decision(EnforcementResumed(), room=None))
    assert orders(enforcer) == [STOP]


@pytest.mark.parametrize("remedy", ["stop", "mute", "disconnect"])
@pytest.mark.parametrize(
    "way_out",
    [
        unpublished("p", "s", DAY + 3),
        allowed("anna"),
        announced(roles={"anna": "advisor"}),
        configured(for_advisors("mute", can=(), mode="enforce")),
        configured(for_advisors("disconnect", mode="observe")),
    ],
)
def test_an_order_falls_with_its_reason(remedy: WrongShare, way_out: Event) -> None:
    """Policy has not had its turn yet."""
    enforcer = a_share(for_advisors(remedy, can=ALL if remedy == "stop" else NO_STOP))
    kinds = (StreamStopRequested, MuteRequested, DisconnectRequested)
    (order,) = [one for one in enforcer.read if isinstance(one.data, kinds)]
    assert still_wanted(enforcer.room, order, enforcer.now, held=False)
    assert not still_wanted(enforcer.room, order, enforcer.now, held=True)
    enforcer.add(way_out)
    assert not still_wanted(enforcer.room, order, enforcer.now, held=False)
