"""A gateway's answers for review windows: known records, reports and sessions, or whatever the test says."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Final, TypeVar

from msgspec.structs import replace
from PySide6.QtWidgets import QWidget

from moderator.client.audit import Audited, AuditedPage
from moderator.client.errors import GatewayError
from moderator.desktop.orders.intents import Intent
from moderator.desktop.reviews.audit.audit_window import AuditWindow
from moderator.desktop.reviews.policy.policy_window import PolicyWindow
from moderator.desktop.reviews.questions import Questions
from moderator.desktop.reviews.review_window import ReviewWindow
from moderator.desktop.reviews.reviews import Reviews
from moderator.desktop.reviews.sessions.sessions_window import SessionsWindow
from moderator.desktop.theme.look import Look
from moderator.domain.events import Actor, DeadlineExtended, Event
from moderator.domain.ids import EventId, InstanceId, RoomId, SourceName
from moderator.feed.audit import AuditOutcome, Format, Verified
from moderator.feed.policy_report import PolicyReport, Total, WouldBe
from moderator.feed.quality import QualityPage, QualitySample, QualitySeries, QualitySession, QualitySummary
from moderator.tasks import TaskScope
from tests.fakes.desktop import MAYA, NOW, FakeStore, a_room, a_store
from tests.fakes.window import Hands, until

W = TypeVar("W", bound=ReviewWindow)
REVIEWER: Final = replace(MAYA, rooms=("*",))
WATCHER: Final = replace(MAYA, scopes=("rooms:read", "rooms:watch"))
"""Who may review nothing."""
FORMULA: Final = "simplified E-model"


def a_record(seq: int, *, outcome: AuditOutcome = "done", name: str = "Maya", **members: Any) -> Audited:
    """A moderator extended a room."""
    event = Event(
        id=EventId(f"id-{seq}"),
        seq=seq,
        source=SourceName("clinic"),
        room=RoomId("cardio-14"),
        instance=InstanceId("0"),
        at=NOW + seq,
        recorded_at=NOW + seq,
        actor=Actor("moderator", "mod-1", name),
        data=DeadlineExtended(version=2, seconds=300),
    )
    return Audited(replace(event, **members), outcome, "Ward 14")


def a_report(*policies: str, hours: int = 24) -> PolicyReport:
    """One finding for each of these policies, the first the oldest."""
    found = tuple(
        WouldBe(
            at=NOW + place,
            source="clinic",
            room="r1",
            room_name="cardio-14",
            type="appointment",
            policy=policy,
            reason="room_full",
            participant="c1",
            user="eve",
            would="disconnect",
        )
        for place, policy in enumerate(policies)
    )
    totals = tuple(Total(policy, "room_full", policies.count(policy)) for policy in dict.fromkeys(policies))
    return PolicyReport(since=NOW - hours * 3_600_000, until=NOW, actions=found, totals=totals, time_limits=())


def a_session(id_: int = 1, **members: Any) -> QualitySession:
    """Bill was in a call for a minute, and was measured."""
    known = QualitySession(
        id=id_,
        user="user_bill",
        conference="room_14",
        session=f"sess_{id_}",
        started_at=NOW - 60_000,
        ended_at=NOW,
        state="ended",
        has_dump=True,
    )
    return replace(known, **members)


def a_series(*samples: QualitySample, **members: Any) -> QualitySeries:
    """Good, unless the members of the summary say otherwise."""
    summary = replace(QualitySummary(formula=FORMULA, grade="good", mos=4.2), **members)
    return QualitySeries(session=a_session(), samples=samples, summary=summary)


def a_sample(number: int, **members: Any) -> QualitySample:
    """Ten seconds, the tenth one hundred seconds after the first."""
    return QualitySample(at=NOW + number * 10_000, duration_ms=10_000, **members)


class OpenReviews:
    """Review windows beside a main one, and hands at them."""

    def __init__(self, store: FakeStore, look: Look, tasks: TaskScope) -> None:
        self.store = store
        self.answers = Answers()
        self.hands = Hands()
        self.main = QWidget()
        self.reviews = Reviews(store, look, tasks, self.main)
        self.reviews.questions = self.answers.questions()

    def window(self, kind: type[W]) -> W:
        """The one that is open."""
        (found,) = [one for one in self.main.findChildren(kind) if one.isVisible()]
        return found

    async def audit(self) -> AuditWindow:
        """Opened, and its first answer is there."""
        self.reviews.open_audit()
        return await self._settled(self.window(AuditWindow))

    async def policy(self) -> PolicyWindow:
        """The same."""
        self.reviews.open_policy()
        return await self._settled(self.window(PolicyWindow))

    async def sessions(self, user: str = "bill", participant: str = "bill") -> SessionsWindow:
        """The same, of somebody in the first room."""
        key = self.store.rooms()[0].key
        self.reviews.open_sessions(Intent(action="sessions", room=key, participant=participant, user=user))
        return await self._settled(self.window(SessionsWindow))

    async def _settled(self, window: W) -> W:
        await until(lambda: not window.asking.busy and window.isActiveWindow())
        return window


@contextlib.asynccontextmanager
async def open_reviews(look: Look, store: FakeStore | None = None) -> AsyncIterator[OpenReviews]:
    """For somebody who may see everything, unless the store says otherwise."""
    async with TaskScope() as tasks:
        open_ = OpenReviews(store or a_store(a_room(), me=REVIEWER), look, tasks)
        open_.main.show()
        try:
            yield open_
        finally:
            open_.reviews.close()
            open_.main.hide()
            open_.main.deleteLater()
            await asyncio.sleep(0)


class Answers:
    """All that review windows ask; `asked` is what was. Answers are made by the test's functions."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.error: GatewayError | None = None
        self.wait = asyncio.Event()
        self.wait.set()
        self.pages: list[AuditedPage] = [AuditedPage((a_record(2), a_record(1)), False, None)]
        """One after the other; the last one goes on forever."""
        self.verified = Verified(records=2, checkpoints=1, unvouched=0)
        self.copy: tuple[bytes, ...] = (b"a", b"b")
        self.report = a_report("max_people")
        self.sessions_of: Callable[[Mapping[str, str]], QualityPage] = lambda _: QualityPage(sessions=(a_session(),))
        self.quality = a_series(a_sample(0, mos=4.2, grade="good"))

    def questions(self) -> Questions:
        """For the windows."""
        return Questions(self, self, self)

    async def page(self, asked: Mapping[str, str | int]) -> AuditedPage:
        await self._note(dict(asked))
        return self.pages.pop(0) if len(self.pages) > 1 else self.pages[0]

    async def verify(self) -> Verified:
        await self._note("verify")
        return self.verified

    async def export(
        self, format_: Format, write: Callable[[bytes], object], asked: Mapping[str, str | int] | None = None
    ) -> None:
        for part in self.copy:
            write(part)
        await self._note((format_, dict(asked or {})))

    async def policy(self, hours: int = 24) -> PolicyReport:
        await self._note(hours)
        return self.report

    async def sessions(
        self, source: str, *, user: str = "", room: str = "", days: int | None = None, cursor: str = ""
    ) -> QualityPage:
        asked = {"source": source, "user": user, "room": room, "cursor": cursor}
        asked = {name: value for name, value in asked.items() if value}
        await self._note(asked)
        return self.sessions_of(asked)

    async def series(self, row: int, source: str = "", room: str = "") -> QualitySeries:
        await self._note((row, source, room))
        return self.quality

    async def _note(self, asked: Any) -> None:
        self.asked.append(asked)
        await self.wait.wait()
        if self.error is not None:
            raise self.error
