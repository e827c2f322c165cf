import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from moderator.desktop.alerts.alert import Alert, AlertKind, Reckoning, arranged, when
from moderator.desktop.room_status import Level
from tests.fakes.desktop import NOW


def an_alert(id_: str, kind: AlertKind = "warning", level: Level = "critical", moment: int = NOW) -> Alert:
    return Alert(
        id=id_, kind=kind, level=level, icon="info", title=id_, text="", moment=moment, reckoning="left", family="f"
    )


def test_greatest_need_first() -> None:
    expected = [
        an_alert("time up", "time_up", moment=NOW - 1),
        an_alert("a minute", moment=NOW + 60_000),
        an_alert("a stranger", "violation"),
        an_alert("five minutes", level="warn", moment=NOW + 300_000),
        an_alert("paused", "hold", "warn"),
        an_alert("newer news", "news", "info", NOW),
        an_alert("older news", "news", "info", NOW - 1),
    ]
    assert [one.id for one in arranged(reversed(expected))] == [one.id for one in expected]


@given(st.permutations([an_alert(str(number), moment=NOW + number % 3) for number in range(8)]))
def test_the_order_does_not_depend_on_the_order(alerts: list[Alert]) -> None:
    assert arranged(alerts) == arranged(sorted(alerts, key=lambda one: one.id))


def test_what_was_dismissed_is_left_out() -> None:
    assert [one.id for one in arranged([an_alert("a"), an_alert("b")], {"a"})] == ["b"]


@pytest.mark.parametrize(
    ("reckoning", "moment", "stale", "text"),
    [
        ("left", NOW + 47_900, False, "47 s left"),
        ("left", NOW + 271_000, False, "04:31 left"),
        ("left", NOW + 47_000, True, "\u2248 47 s left"),
        ("left", NOW - 12_000, False, "+00:12 over"),
        ("left", NOW, False, "0 s left"),
        ("ago", NOW - 4_900, False, "4 s ago"),
        ("ago", NOW + 900, False, "0 s ago"),
        ("ago", NOW - 240_000, False, "4 min ago"),
    ],
)
def test_moments_as_people_read_them(reckoning: Reckoning, moment: int, stale: bool, text: str) -> None:
    alert = replace(an_alert("a", moment=moment), reckoning=reckoning)
    assert when(alert, NOW, stale=stale) == text
