"""What interrupts is heard, as the user chose."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from moderator.desktop.alerts.alert import Alert
from moderator.desktop.alerts.heard import SOUNDS, VOLUME
from moderator.desktop.alerts.hush import Hush
from moderator.desktop.alerts.interrupting import Interruption
from moderator.desktop.alerts.sounding import Sounding
from moderator.desktop.preferences import Preferences
from moderator.desktop.sounds.cues import CUES, Cue
from moderator.desktop.sounds.player import Player
from moderator.tasks import TaskScope
from tests.fakes.desktop import FakeStore
from tests.fakes.speaker import NO_DEVICE, FakeSpeaker
from tests.fakes.window import until


def an_alert(cue: Cue, *, is_ours: bool = True) -> Alert:
    return Alert(
        id=cue, kind="warning", level="warn", icon="", title="", text="", moment=0, reckoning="left",
        interruption=Interruption(cue, is_ours),
    )  # fmt: skip


class Room:
    """Somebody listens."""

    def __init__(self, store: FakeStore, folder: Path, scope: TaskScope) -> None:
        self.scope = scope
        self.preferences = Preferences(folder / "window.ini")
        self.hush = Hush(self.preferences, store.now_ms, store.monotonic, store)
        self.speaker = FakeSpeaker()
        self.sounding = Sounding(self.preferences, self.hush, Player(self.speaker), store)
        self.said: list[str] = []
        self.sounding.status_changed.connect(self.said.append)

    def hear(self, *alerts: Alert) -> None:
        self.sounding.hear(alerts, self.scope)

    @property
    def heard(self) -> list[Cue]:
        return [cue for cue, _ in self.speaker.played]


@pytest.fixture
async def room(store: FakeStore, tmp_path: Path) -> AsyncIterator[Room]:
    async with TaskScope() as scope:
        room = Room(store, tmp_path, scope)
        yield room
        room.speaker.goes_on.set()
        room.sounding.close()


async def test_a_last_call_of_ones_own_room_is_heard(room: Room) -> None:
    room.preferences.put(VOLUME, 35)
    room.hear(an_alert("last"))
    await until(lambda: room.speaker.played)
    assert room.speaker.played == [("last", 35)]


async def test_silence_was_chosen(room: Room) -> None:
    room.hear(an_alert("first"), an_alert("last", is_ours=False))
    room.preferences.put(VOLUME, 0)
    room.hear(an_alert("last"))
    room.preferences.put(VOLUME, 50)
    room.hush.toggle_mute()
    room.hear(an_alert("last"))
    await asyncio.sleep(0.02)
    assert room.heard == []


async def test_while_one_is_played_only_what_is_more_urgent_follows(room: Room) -> None:
    room.preferences.put(SOUNDS["first"], "all")
    room.speaker.goes_on.clear()
    room.hear(an_alert("later"))
    await until(lambda: room.heard)
    for cue in (*CUES, *CUES):
        room.hear(an_alert(cue))
    room.speaker.goes_on.set()
    await until(lambda: len(room.heard) == 2)
    assert room.heard == ["later", "last"]
    await until(lambda: not room.scope._tasks)
    room.hear(an_alert("first"))
    await until(lambda: len(room.heard) == 3)


async def test_no_device_is_said_once_and_its_coming_too(room: Room) -> None:
    room.speaker.trouble = NO_DEVICE
    assert await room.sounding.play_now("first") == "No sound: no audio device works here"
    assert await room.sounding.play_now("first")
    room.speaker.trouble = None
    assert await room.sounding.play_now("first") == ""
    assert room.said == ["No sound: no audio device works here", ""]
