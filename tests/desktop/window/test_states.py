"""Every state of the window, as facts and as what is said."""

from typing import get_args

import pytest

from moderator.client.link import Link
from moderator.client.texts import clock_time
from moderator.desktop.session import ChildStatus
from moderator.desktop.window.source_trouble import SourceTrouble
from moderator.desktop.window.states import STATES, Facts, StateName, state_of, states_of
from tests.fakes.desktop import NOW

LIVE = Link("live", "connected to gateway:1")
LOST = Link("reconnecting", "gateway:1 cannot be reached: no connection; trying again", attempts=2, retry_at_s=9.0)
FAILS = SourceTrouble("clinic", "Vonage", NOW, "it answers with 503.", 4)
WELL = Facts(link=LIVE)

CASES: list[tuple[StateName, str, Facts, str, str]] = [
    (
        "child_failed",
        "critical",
        Facts(link=LOST, child=ChildStatus("failed", "the gateway ended: no space left")),
        "The gateway ended: no space left.",
        "restart",
    ),
    (
        "child_restarting",
        "warn",
        Facts(link=LOST, child=ChildStatus("restarting", "the gateway is started again")),
        "The gateway is started again.",
        "",
    ),
    (
        "signed_out",
        "critical",
        Facts(link=Link("signed_out", "your session has ended: sign in"), may_sign_in=True),
        "Your session has ended: sign in. Rooms and names are hidden until then.",
        "",  # what hides them has the button
    ),
    (
        "signed_out",
        "critical",
        Facts(link=Link("signed_out", "sign in"), may_sign_in=True, ready=False, age_s=None),
        "Sign in.",
        "sign_in",
    ),
    (
        "signed_out",
        "critical",
        Facts(link=Link("signed_out", "get a new token"), ready=False, age_s=None),
        "Get a new token.",
        "retry",
    ),
    (
        "forbidden",
        "critical",
        Facts(link=Link("forbidden", "this token does not allow that")),
        "This token does not allow that. Whoever manages access can give you a token that may see the rooms.",
        "retry",
    ),
    (
        "offline",
        "critical",
        Facts(link=Link("reconnecting", "no network; trying again", "offline", 3, 2.0), heard_at=NOW),
        f"You are offline since {clock_time(NOW)}. Warnings still run from the last known end times.",
        "retry",
    ),
    (
        "offline",
        "critical",
        Facts(link=LOST, is_offline=True, ready=False, age_s=None),
        "This computer is offline. As soon as it has a network again, the gateway is asked.",
        "retry",
    ),
    (
        "unreadable",
        "critical",
        Facts(link=Link("reconnecting", "it makes no sense; trying again", "unreadable", 1, 2.0), retry_in_s=5.2),
        "It makes no sense; trying again: attempt 2 in 5 s.",
        "retry",
    ),
    (
        "stale",
        "stale",
        Facts(link=LIVE, freshness="stale", age_s=22.0),
        "Nothing was heard for 22 s, though the connection stands. Somebody may have extended a room meanwhile.",
        "retry",
    ),
    (
        "stale",
        "stale",
        Facts(link=LOST, freshness="stale", age_s=22.0, retry_in_s=6.0),
        "Nothing was heard for 22 s: gateway:1 cannot be reached: no connection; trying again: attempt 3 in 6 s. "
        "Somebody may have extended a room meanwhile.",
        "retry",
    ),
    (
        "reconnecting",
        "warn",
        Facts(link=LOST, retry_in_s=0.2),
        "Gateway:1 cannot be reached: no connection; trying again: attempt 3, now.",
        "retry",
    ),
    (
        "not_connected",
        "warn",
        Facts(link=Link("connecting", "no connection; trying again", attempts=1), ready=False, age_s=None),
        "No connection; trying again.",
        "retry",
    ),
    (
        "audit_broken",
        "critical",
        Facts(link=LIVE, audit_problem="record 17 was changed"),
        "The audit was changed: Record 17 was changed. Events go on being recorded. Export the evidence now.",
        "evidence",
    ),
    (
        "provider_error",
        "warn",
        Facts(link=LIVE, sources=(FAILS,)),
        f"Vonage (clinic) fails since {clock_time(NOW)}: it answers with 503. 4 rooms are affected. "
        "It is not your fault: the gateway goes on asking.",
        "show_rooms",
    ),
    (
        "clock_off",
        "warn",
        Facts(link=LIVE, clock_off_ms=-14 * 60_000),
        "This computer's clock is 14 min slow; the gateway's time is used here.",
        "",
    ),
    (
        "clock_off",
        "warn",
        Facts(link=LIVE, clock_off_ms=3 * 86_400_000),
        "This computer's clock is off by more than a day; the gateway's time is used here.",
        "",
    ),
    (
        "clock_inexact",
        "info",
        Facts(link=LIVE, clock_error_ms=600.0),
        "Times are exact to ±0.6 s only: the link to the gateway is slow.",
        "",
    ),
    ("versions", "info", Facts(link=LIVE, versions="An update is due."), "An update is due.", "understood"),
]


@pytest.mark.parametrize(("name", "level", "facts", "said", "action"), CASES)
def test_each_state_says_what_is_wrong_and_what_can_be_done(
    name: StateName, level: str, facts: Facts, said: str, action: str
) -> None:
    shown = state_of(facts)
    assert shown is not None
    assert (shown.name, shown.level, shown.sentence, shown.action) == (name, level, said, action)
    assert bool(shown.button) == bool(action)


def test_none_is_left_out() -> None:
    assert {case[0] for case in CASES} == set(get_args(StateName)) == {state.name for state in STATES}


def test_where_all_is_well_nothing_is_said() -> None:
    assert state_of(WELL) is None
    assert state_of(Facts(link=Link("connecting", "connecting to x"), ready=False, age_s=None)) is None


def test_the_gravest_is_said_and_the_others_wait() -> None:
    facts = Facts(
        link=LOST,
        freshness="stale",
        age_s=30.0,
        audit_problem="record 3",
        sources=(FAILS,),
        clock_off_ms=90_000,
        clock_error_ms=900.0,
        versions="Old.",
    )
    names = [shown.name for shown in states_of(facts)]
    assert names == [
        *("stale", "reconnecting", "audit_broken", "provider_error", "clock_off", "clock_inexact", "versions")
    ]
    assert names[0] == (state_of(facts) or pytest.fail("nothing")).name
