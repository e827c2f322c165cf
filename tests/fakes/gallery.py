"""Every scene by its name, in the order of the gallery."""

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget

from moderator.client.link import Link
from moderator.desktop.orders.intents import Intent
from moderator.desktop.settings.settings_window import SettingsWindow
from moderator.desktop.tables.rooms_fonts import DENSITY
from moderator.domain.ids import RoomId, RoomKey, SourceName
from moderator.feed.session import FeedSession
from tests.fakes.desktop import NOW
from tests.fakes.scenes import (
    Act,
    OtherClock,
    Scene,
    Shown,
    a_failing_source,
    calm,
    empty,
    many,
    one,
    sources,
    unheard,
    with_sources,
)
from tests.fakes.story import AN_HOUR, Story

Key, Control, Shift = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
CARDIO = RoomKey(SourceName("Vonage"), RoomId("cardio-14"))
TUTOR = RoomKey(SourceName("LiveKit"), RoomId("tutor-maths-b"))
LIVE: Final = Link("live", "connected to moderation.example.org")
LOST: Final = Link("reconnecting", "moderation.example.org ended the connection; trying again", attempts=3)


# --- what is done --------------------------------------------------------------------------------------------------


async def with_history(shown: Shown) -> None:
    """The selected room's past has been read."""
    events = [replace(event, source=CARDIO.source, room=CARDIO.room) for event in Story(AN_HOUR).events]
    shown.window.pane.set_history(CARDIO, "0", events)


async def looked_back(shown: Shown) -> None:
    """The room as it was a while ago."""
    await with_history(shown)
    shown.window.pane.look_at(NOW - 22 * 60_000)


def keys(*pressed: tuple[Qt.Key, Qt.KeyboardModifier] | Qt.Key | str) -> Act:
    """These are pressed or typed, one after the other."""

    async def act(shown: Shown) -> None:
        await with_history(shown)
        for one_ in pressed:
            if isinstance(one_, str):
                await shown.type(one_)
            elif isinstance(one_, tuple):
                await shown.press(*one_)
            else:
                await shown.press(one_)

    return act


def wish(intent: Intent) -> Act:
    """Somebody wants this, wherever the button for it is."""

    async def act(shown: Shown) -> None:
        await with_history(shown)
        shown.window.take(intent)

    return act


def tab(number: int) -> Act:
    """A page of the settings."""

    async def act(shown: Shown) -> None:
        await shown.press(Key.Key_Comma, Control)
        (window,) = shown.window.findChildren(SettingsWindow)
        (pages,) = window.findChildren(QTabWidget)
        pages.setCurrentIndex(number)

    return act


def so(change: Callable[[Shown], object], *, elapsed_ms: int = 0) -> Act:
    """Something is the case, after so much time without news."""

    async def act(shown: Shown) -> None:
        await with_history(shown)
        shown.store.time.elapse(elapsed_ms)
        change(shown)
        shown.window.ticker.tick.emit()
        shown.window.ticker.second.emit()

    return act


def linked(link: Link, *, elapsed_ms: int = 0) -> Act:
    """The connection is like this."""
    return so(lambda shown: shown.store.link_changed(link), elapsed_ms=elapsed_ms)


def nothing_heard(shown: Shown) -> None:
    """The program has just been started."""
    shown.store.watch(FeedSession(), shown.store.time)
    shown.store.show()
    shown.store.link_changed(Link("connecting", "connecting to moderation.example.org"))


ROOMS = Scene(store=calm, act=with_history)
SCENES: Final[dict[str, Scene]] = {
    # Sizes
    "one-room": Scene(store=one, act=keys(Key.Key_F12)),
    "twenty-rooms": ROOMS,
    "two-thousand-rooms": Scene(store=many),
    "wallboard": Scene(store=calm, act=keys(Key.Key_F11), size=(1920, 1080)),
    "small-window": replace(ROOMS, size=(640, 480)),
    "narrow-window": replace(ROOMS, size=(1024, 700)),
    "compact": replace(ROOMS, choices=((DENSITY, "compact"),)),
    "roomy": replace(ROOMS, choices=((DENSITY, "roomy"),)),
    # What is decided
    "palette": Scene(store=calm, act=keys((Key.Key_K, Control), "ext")),
    "palette-people": Scene(store=calm, act=keys((Key.Key_K, Control), "lee")),
    "extend": Scene(store=calm, act=wish(Intent(action="extend_custom", room=CARDIO))),
    "extend-many": Scene(store=calm, act=keys((Key.Key_A, Control), Key.Key_E)),
    "disconnect": Scene(store=calm, act=wish(Intent(action="disconnect", room=TUTOR, participant="guest-91"))),
    "end-room": Scene(store=calm, act=wish(Intent(action="end", room=TUTOR))),
    "message": Scene(store=calm, act=wish(Intent(action="message", room=CARDIO))),
    # States
    "empty": Scene(store=empty),
    "no-match": Scene(store=calm, act=so(lambda shown: shown.window.top_bar.search.setText("radiology"))),
    "first-load": Scene(store=unheard, act=so(nothing_heard)),
    "reconnecting": Scene(store=calm, act=linked(LOST)),
    "stale": Scene(store=calm, act=linked(LIVE, elapsed_ms=22_000)),
    "offline": Scene(store=calm, act=linked(replace(LOST, fault="offline"), elapsed_ms=40_000)),
    "signed-out": Scene(store=calm, act=linked(Link("signed_out", "your sign-in has expired: sign in to go on"))),
    "forbidden": Scene(store=unheard, act=linked(Link("forbidden", "this token may not see any room"))),
    "provider-error": Scene(store=lambda: with_sources(calm(), sources(livekit=a_failing_source())), act=with_history),
    "webhook-silence": Scene(
        store=lambda: with_sources(calm(), sources(livekit=replace(a_failing_source(), state="silent"))),
        act=with_history,
    ),
    "clock-untrusted": Scene(
        store=calm, act=so(lambda shown: shown.store.watch(shown.store.session, OtherClock(shown.store, 14 * 60_000)))
    ),
    "audit-broken": Scene(store=calm, act=so(lambda shown: shown.window.strip.tell_audit("record 18,204"))),
    "time-travel": Scene(store=calm, act=looked_back),
    # The rest
    "keys": Scene(store=calm, act=keys(Key.Key_F1)),
    "settings-look": Scene(store=calm, act=tab(0)),
    "settings-keys": Scene(store=calm, act=tab(1)),
    "settings-warnings": Scene(store=calm, act=tab(2)),
    "german": replace(ROOMS, language="de"),
    "spanish": replace(ROOMS, language="es"),
    "arabic": replace(ROOMS, language="ar"),
}
