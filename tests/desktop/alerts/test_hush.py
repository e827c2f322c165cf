"""What must not be heard now."""

from pathlib import Path

import pytest
import shiboken6
from msgspec.structs import replace

from moderator.client.texts import clock_time
from moderator.desktop.alerts.alert import Alert
from moderator.desktop.alerts.hush import MUTED_MS, QUIET, QUIET_FROM, QUIET_TO, Hush
from moderator.desktop.alerts.interrupting import Interruption
from moderator.desktop.preferences import Preferences
from tests.fakes.desktop import FakeStore

OWN = Interruption("later", is_ours=True)
WARNING = Alert(
    id="a", kind="warning", level="warn", icon="", title="", text="", moment=0, reckoning="left", interruption=OWN
)
LAST_CALL = replace(WARNING, interruption=Interruption("last", is_ours=True))


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    return Preferences(tmp_path / "window.ini")


@pytest.fixture
def hush(store: FakeStore, preferences: Preferences) -> Hush:
    return Hush(preferences, store.now_ms, store.monotonic, store)


def be_quiet(preferences: Preferences, store: FakeStore, *, hours: int = 3) -> str:
    """Quiet hours that began an hour ago; returns when they end."""
    hour_ms = 3600_000
    ends = clock_time(store.now_ms() + (hours - 1) * hour_ms, with_seconds=False)
    preferences.put(QUIET_FROM, clock_time(store.now_ms() - hour_ms, with_seconds=False))
    preferences.put(QUIET_TO, ends)
    preferences.put(QUIET, True)
    return ends


def test_without_quiet_hours_everything_is_heard(hush: Hush) -> None:
    assert (hush.quiet_words, hush.muted_words) == ("", "")
    assert hush.lets_notify(WARNING)
    assert hush.lets_sound(WARNING)


def test_quiet_hours_keep_away_all_but_the_last_call(hush: Hush, preferences: Preferences, store: FakeStore) -> None:
    told: list[str] = []
    hush.changed.connect(lambda: told.append(hush.quiet_words))
    ends = be_quiet(preferences, store)
    assert told == [f"Quiet until {ends}"]
    assert not hush.lets_notify(WARNING)
    assert not hush.lets_sound(WARNING)
    assert hush.lets_notify(LAST_CALL)
    assert hush.lets_sound(LAST_CALL)
    store.time.elapse(2 * 3600_000)
    hush.tick()
    assert told[1:] == [""]
    assert hush.lets_notify(WARNING)


def test_quiet_hours_that_were_ended_come_back_the_next_day(
    hush: Hush, preferences: Preferences, store: FakeStore
) -> None:
    ends = be_quiet(preferences, store)
    hush.end_quiet()
    assert (hush.quiet_words, hush.lets_notify(WARNING)) == ("", True)
    store.time.elapse(24 * 3600_000)
    hush.tick()
    assert hush.quiet_words == f"Quiet until {ends}"


def test_muted_sounds_come_back_by_themselves(hush: Hush, store: FakeStore) -> None:
    hush.toggle_mute()
    until = clock_time(store.now_ms() + MUTED_MS, with_seconds=False)
    assert hush.muted_words == f"Muted until {until}"
    assert not hush.lets_sound(LAST_CALL)
    assert hush.lets_notify(WARNING)
    store.time.elapse(MUTED_MS)
    hush.tick()
    assert (hush.muted_words, hush.lets_sound(WARNING)) == ("", True)


def test_muted_is_for_a_while_whatever_becomes_of_the_gateways_clock(
    preferences: Preferences, store: FakeStore
) -> None:
    ahead_ms = [365 * 24 * 3600_000]
    hush = Hush(preferences, lambda: store.now_ms() + ahead_ms[0], store.monotonic, store)
    hush.toggle_mute()
    ahead_ms[0] = 0  # somebody has set it right
    assert hush.muted_words == f"Muted until {clock_time(store.now_ms() + MUTED_MS, with_seconds=False)}"
    store.time.elapse(MUTED_MS)
    assert not hush.is_muted


def test_muted_sounds_come_back_when_somebody_says_so(hush: Hush) -> None:
    hush.toggle_mute()
    hush.toggle_mute()
    assert not hush.is_muted


def test_when_it_is_gone_nothing_is_hushed_any_more(hush: Hush, preferences: Preferences, store: FakeStore) -> None:
    told: list[str] = []
    hush.changed.connect(lambda: told.append("changed"))
    shiboken6.delete(hush)
    be_quiet(preferences, store)
    assert told == []
