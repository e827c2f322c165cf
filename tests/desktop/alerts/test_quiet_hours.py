"""From when to when it is quiet."""

from datetime import datetime

import pytest
from msgspec.structs import replace

from moderator.desktop.alerts.alert import Alert, AlertKind
from moderator.desktop.alerts.interrupting import Interruption
from moderator.desktop.alerts.quiet_hours import QuietHours, is_let_through, quiet_until

NIGHT, LUNCH = QuietHours("22:00", "07:00"), QuietHours("12:00", "13:30")


def at(time: str, day: int = 14) -> int:
    hour, minute = map(int, time.split(":"))
    return int(datetime(2026, 9, day, hour, minute).timestamp() * 1000)  # noqa: DTZ001  # as the clocks here show it


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        (NIGHT, at("21:59"), None),
        (NIGHT, at("22:00"), at("07:00", 15)),
        (NIGHT, at("23:59"), at("07:00", 15)),
        (NIGHT, at("00:00"), at("07:00")),
        (NIGHT, at("06:59"), at("07:00")),
        (NIGHT, at("07:00"), None),
        (LUNCH, at("11:59"), None),
        (LUNCH, at("12:00"), at("13:30")),
        (LUNCH, at("13:29"), at("13:30")),
        (LUNCH, at("13:30"), None),
        (QuietHours("09:00", "09:00"), at("09:00"), None),
        (QuietHours("", "07:00"), at("03:00"), None),
        (QuietHours("25:00", "nonsense"), at("03:00"), None),
    ],
)
def test_until_when_it_is_quiet(hours: QuietHours, now: int, until: int | None) -> None:
    assert quiet_until(hours, now) == until


@pytest.mark.parametrize(
    ("kind", "interruption", "passes"),
    [
        ("warning", Interruption("last", is_ours=True), True),
        ("time_up", Interruption("last", is_ours=True), True),
        ("warning", Interruption("later", is_ours=True), False),
        ("warning", Interruption("last", is_ours=False), False),
        ("time_up", Interruption("last", is_ours=False), False),
        ("violation", Interruption("last", is_ours=True), False),
        ("warning", None, False),
    ],
)
def test_what_quiet_hours_never_keep_away(kind: AlertKind, interruption: Interruption | None, passes: bool) -> None:
    alert = Alert(id="a", kind=kind, level="critical", icon="", title="", text="", moment=0, reckoning="left")
    assert is_let_through(replace(alert, interruption=interruption)) == passes


def test_on_the_last_day_of_all_calendars_it_is_not_quiet() -> None:
    last = 253_402_300_799_999
    assert [quiet_until(NIGHT, last - hours * 3600_000) for hours in range(3)] == [None] * 3
