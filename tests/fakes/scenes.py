"""The window in every state and size it has a design for: what the gallery shows and the snapshot tests compare.

A scene is a store and what is done to the window that shows it. The time stands still, so it always looks the same.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from moderator.client.link import Link
from moderator.desktop.commands import offer_commands
from moderator.desktop.desk import Desk
from moderator.desktop.pace import MANY, PACE_MS
from moderator.desktop.preferences import Preference, Preferences
from moderator.desktop.session import DesktopSession
from moderator.desktop.theme.choosing import THEME
from moderator.domain.rooms import Block, Participant, Person, Room, Source, Stream, Viewer
from moderator.feed.messages import Snapshot
from moderator.tasks import TaskScope
from tests.fakes.desktop import NOW, FakeStore, a_person, a_room, a_store, a_violation, a_warning, limits
from tests.fakes.window import until

MAYA, ANA, LEO = Person("maya", "Maya"), Person("ana", "Ana"), Person("leo", "Leo")
MINUTE_MS: Final = 60_000
SETTLED_S: Final = 0.15
"""Layouts and the batches of changes are through by then."""


class Shown:
    """A whole program on a store of the test's own."""

    def __init__(self, desk: Desk, store: FakeStore) -> None:
        self.desk, self.store, self.window = desk, store, desk.window

    async def settle(self) -> None:
        """Let everything happen that was begun."""
        await asyncio.sleep(SETTLED_S)

    async def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """One key, where the focus is."""
        focused = QApplication.focusWidget()
        assert focused is not None, "the focus is nowhere"
        QTest.keyClick(focused, key, modifiers)
        await self.settle()

    async def type(self, text: str) -> None:
        """Letters, where the focus is."""
        focused = QApplication.focusWidget()
        assert focused is not None, "the focus is nowhere"
        QTest.keyClicks(focused, text)
        await self.settle()


Act = Callable[[Shown], Awaitable[None]]


async def as_it_opens(shown: Shown) -> None:
    """Nobody has done anything yet."""


class Scene(Struct, frozen=True, kw_only=True):
    """One picture."""

    store: Callable[[], FakeStore]
    act: Act = as_it_opens
    size: tuple[int, int] = (1440, 900)
    session: DesktopSession = DesktopSession()
    language: str = "en"
    choices: tuple[tuple[Preference[str], str], ...] = ()


@contextlib.asynccontextmanager
async def on_stage(application: QApplication, scene: Scene, folder: Path, theme: str = "light") -> AsyncIterator[Shown]:
    """The scene in a window of its own, settled; gone afterwards."""
    preferences, store = Preferences(folder / "window.ini"), scene.store()
    for preference, value in ((THEME, theme), *scene.choices):
        preferences.put(preference, value)
    async with TaskScope() as tasks:
        desk = Desk(application, scene.session, preferences, folder, store.time, tasks, store)
        offer_commands(desk)
        shown = Shown(desk, store)
        desk.window.setGeometry(0, 0, *scene.size)
        desk.show()
        desk.window.ticker.stop()
        store.replaced.emit()
        try:
            await until(lambda: QApplication.activeWindow() is not None)
            await shown.settle()
            await scene.act(shown)
            if store.census.live >= MANY:
                await asyncio.sleep(2 * PACE_MS / 1000)  # what is counted over many rooms is shown by then
            await shown.settle()
            yield shown
        finally:
            desk.hide()
            await tasks.cancel()
            await desk.aclose()
            desk.deleteLater()
            await asyncio.sleep(0)


# --- what there is to see ------------------------------------------------------------------------------------------


def sources(*, livekit: Source | None = None) -> tuple[Source, ...]:
    """Four accounts, all of them heard of a moment ago, but for the one that is given."""
    ages_ms = {"vonage": 900, "stream": 300, "livekit": 1200, "janus": 200}
    made = {
        name: Source(
            source=name.capitalize().replace("kit", "Kit"),
            provider=name,
            state="live",
            heard_at=NOW - age_ms,
            listed_at=NOW - 10_000,
            clock_offset_ms=3,
            detail=None,
        )
        for name, age_ms in ages_ms.items()
    }
    return tuple((made | ({"livekit": livekit} if livekit else {})).values())


def with_sources(store: FakeStore, found: Sequence[Source] = sources()) -> FakeStore:  # frozen
    """The store has heard of these, and is live."""
    page = Snapshot(seq=1, now=NOW, page=1, last=True, rooms=(), sources=tuple(found), cursor="fake-1")
    store.session.receive(page, store.time.monotonic())
    store.link_changed(Link("live", "connected to moderation.example.org"))
    return store


def person(id_: str, name: str, role: str, here_min: int, *media: str) -> Participant:
    """Somebody with a camera and so on."""
    streams = tuple(Stream(f"{name}-{kind}", kind, "", NOW) for kind in media)  # type: ignore[arg-type]
    made = a_person(id_, name, user=id_.replace("c", "u"), role=role, joined_at=NOW - here_min * MINUTE_MS)
    return replace(made, streams=streams)


def room(
    name: str, source: str, left_s: int | None, owner: Person | None = None, people: int = 2, **more: object
) -> Room:
    """A room of a source, with so many people of whom nothing is told."""
    crowd = more.pop("people_are", None) or [a_person(f"{name}-{n}", f"Guest {n}") for n in range(people)]
    return a_room(
        name,
        source=source,
        provider=source.lower(),
        left_s=left_s,
        owner=owner,
        people=crowd,  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )


LEE: Final = person("c1", "Dr Lee", "specialist", 59, "camera", "microphone", "screen")
BILL: Final = person("c2", "Bill Buffalo", "patient", 58, "camera", "microphone")
GUEST: Final = a_person("guest-91", "guest-91", joined_at=NOW - 40_000)
REMOVED: Final = replace(
    a_person("c9", "guest-88", user="guest-88"), state="disconnected", left_at=NOW - 22 * MINUTE_MS
)
BLOCKED: Final = Block(user="guest-88", until=None, by="ana", reason="not_listed")


def twenty() -> list[Room]:
    """A calm afternoon with a few things to do."""
    tutor = [person("c3", "Iris Vogel", "tutor", 41, "camera"), person("c4", "Tom", "student", 40, "camera"), GUEST]
    warnings = [a_warning(300), a_warning(60)]
    cardio = room("cardio-14", "Vonage", 47, MAYA, people_are=[LEE, BILL, REMOVED], warnings=warnings)
    return [
        replace(cardio, blocks=(BLOCKED,), viewers=(Viewer("ana", "Ana", NOW - 20_000),)),
        room("tutor-maths-b", "LiveKit", 238, MAYA, people_are=tutor, violations=[a_violation("guest-91")]),
        room("physio-03", "Stream", 271, MAYA, warnings=[a_warning(300)]),
        room("exam-algebra-2b", "Janus", 292, ANA, 14, rules=limits(max_people=30), warnings=[a_warning(300)]),
        room("physio-07", "Stream", 730, MAYA),
        room("speech-therapy-group-with-a-long-name-2", "Vonage", 1064, MAYA, 5, rules=limits(max_people=6)),
        room("derm-22", "Vonage", None, ANA, 1),
        room("gp-118", "LiveKit", 1563),
        room("gp-41", "LiveKit", 1982, MAYA),
        room("onboarding-de", "Stream", 2300, None, 4, rules=limits(max_people=8)),
        room("tutor-physics-a", "LiveKit", 2467, MAYA),
        room("cardio-15", "Vonage", 2851, LEO),
        room("exam-geometry-1a", "Janus", 3720, None, 28, rules=limits(max_people=30)),
        room("מפגש-ייעוץ-7", "Stream", 3050, ANA),
        room("استشارة-12", "Vonage", 3110, LEO),
        *(room(f"gp-{number}", "LiveKit", 3200 + number) for number in range(119, 124)),
    ]


def calm() -> FakeStore:
    """Twenty rooms, everything works."""
    return with_sources(a_store(*twenty()))


def one() -> FakeStore:
    """A single room."""
    return with_sources(
        a_store(room("cardio-14", "Vonage", 252, MAYA, people_are=[LEE, BILL], warnings=[a_warning(300)]))
    )


def many() -> FakeStore:
    """Two thousand rooms of four platforms, most of them in order."""
    names = ("Vonage", "Stream", "LiveKit", "Janus")
    owners = (MAYA, ANA, LEO, None)
    crowd = [
        room(f"session-{n:04d}", names[n % 4], 20 + n * 2, owners[n % 5 % 4], warnings=[a_warning(300)] * (n < 140))
        for n in range(1978)
    ]
    return with_sources(a_store(*twenty(), *crowd))


def empty() -> FakeStore:
    """Nobody is anywhere."""
    return with_sources(a_store())


def unheard() -> FakeStore:
    """A window that nothing has been told yet."""
    return a_store()


def a_failing_source() -> Source:
    """LiveKit's account, whose lists have failed for a while."""
    return Source(
        source="LiveKit",
        provider="livekit",
        state="failing",
        heard_at=NOW - 22_000,
        listed_at=NOW - 240_000,
        clock_offset_ms=3,
        detail="it answers with status 503",
    )


class OtherClock:
    """The gateway's time where this computer's clock is wrong."""

    def __init__(self, store: FakeStore, ahead_ms: int = 0, error_ms: float = 12.0) -> None:
        self._store, self._ahead_ms = store, ahead_ms
        self.error_ms: float | None = error_ms

    def now_ms(self) -> int:
        return self._store.time.now_ms() - self._ahead_ms
