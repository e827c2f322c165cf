"""A platform that does what the test says. It records every call, and its webhooks are facts as JSON with a secret."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, ClassVar, Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from moderator.clock import Clock
from moderator.domain.events import Actor, Event, ParticipantJoined, ParticipantLeft, ProviderEventUnknown, Unknown
from moderator.domain.ids import SourceName, derive_event_id
from moderator.domain.kinds import StreamKind
from moderator.domain.settings import Capability
from moderator.feed.codec import CodecError, decode_entry, encode_entry
from moderator.http import HttpClient
from moderator.providers.errors import BadSignature, Moved
from moderator.providers.provider import (
    ACTIONS,
    Admission,
    Delivery,
    Finding,
    ListedParticipant,
    ListedRoom,
    ListedStream,
    Listing,
    Rejoin,
    Target,
)
from tests.fakes.builders import a_fact, an_entry

SECRET: Final = "the-webhook-secret-of-the-clinic"
Effect = Literal["webhook", "list", "none"]
"""How an accepted removal shows: the platform tells of it, only its list does, or it had no effect at all."""


class FakeOptions(Struct, frozen=True, forbid_unknown_fields=True):
    webhook_secret: str
    missing: tuple[str, ...] = ()
    """What this platform cannot do."""
    keeps_ends: bool = False
    """Whether deadlines are this platform's."""


class Call(Struct, frozen=True):
    """A request that the platform got."""

    name: str
    target: Target
    argument: object = None


class FakeProvider:
    """A `moderator.providers.provider.Provider`."""

    Options: ClassVar[type[Struct]] = FakeOptions

    def __init__(self, source: str, options: Any, http: HttpClient, clock: Clock) -> None:
        self._source = source
        self._options = options
        self._clock = clock
        self.capabilities: Mapping[str, Capability] = {
            action: Capability(by=None, why=f"there is no {action} here")
            if action in options.missing
            else Capability(by="gateway" if action in self._by_gateway(options) else "provider")
            for action in ACTIONS
        }
        self.calls: list[Call] = []
        self.errors: list[Exception] = []
        """Raised by the next calls, one by one."""
        self.hangs = False
        self.finds_rooms: bool = True
        self.audible: AbstractSet[StreamKind] = frozenset({"microphone"})
        self.mutes_people = False
        self.credentials_last_ms = 15 * 60_000
        self.opened: list[str] = []
        """The names that rooms were made for."""
        self.admitted: list[Admission] = []
        self.rejoins: Rejoin = "blocked_by_gateway"
        self.lag_ms = 0
        self.asked: list[Sequence[str]] = []
        """The rooms that each list was to be about."""
        self.unlistable: dict[str, Exception] = {}
        """What the list of a known room raises."""
        self.effect: Effect = "webhook"
        self.rooms: list[ListedRoom] = []
        self.complete = True
        self.ends_at: int | None = None
        """The end that the platform keeps."""
        self.answers: int | None = None
        """What the platform says after an extension, where it is not what was asked for."""
        self.list_error: Exception | None = None
        self.lists = 0
        """How often it was asked for its list."""
        self.findings: list[Finding] = []
        self.report: Callable[[Event], Awaitable[None]] | None = None
        """Sends a webhook."""

    @staticmethod
    def _by_gateway(options: Any) -> set[str]:
        return {"block"} if options.keeps_ends else {"extend", "block"}

    # --- webhooks --------------------------------------------------------------------------------------------------

    def authenticate(self, delivery: Delivery) -> None:
        if delivery.headers.get("authorization") != f"Bearer {self._options.webhook_secret}":
            raise BadSignature("the webhook's secret is wrong")

    @staticmethod
    def sign(options: Any, headers: Mapping[str, str], body: bytes) -> Mapping[str, str]:
        return {**headers, "authorization": f"Bearer {options.webhook_secret}"}

    def parse(self, delivery: Delivery) -> list[Event]:
        try:
            events = list(decode_entry(delivery.body, 0).events)
        except CodecError as error:
            return [self._unknown(delivery, str(error))]
        return [self._unknown(delivery, "kind") if isinstance(one.data, Unknown) else one for one in events]

    def _unknown(self, delivery: Delivery, problem: str) -> Event:
        return Event(
            id=derive_event_id(self._source, delivery.body),
            source=SourceName(self._source),
            at=delivery.received_at,
            actor=Actor("provider", "fake"),
            data=ProviderEventUnknown(problem=problem, body=delivery.body[:4096].decode("utf-8", "replace")),
        )

    # --- requests --------------------------------------------------------------------------------------------------

    def rejoin(self, target: Target, *, block: bool) -> Rejoin:
        return self.rejoins if block and target.user else "possible"

    async def list_rooms(self, known: Sequence[str]) -> Listing:
        self.lists += 1
        self.asked.append(list(known))
        taken_at = self._clock.now_ms()
        if self.hangs:
            await asyncio.Event().wait()
        if self.list_error is not None:
            raise self.list_error
        for room in known:
            if room in self.unlistable:
                raise self.unlistable[room]
        rooms = tuple(one for one in self.rooms if self.finds_rooms or one.room in known)
        return Listing(taken_at=taken_at, rooms=rooms, complete=self.complete, lag_ms=self.lag_ms)

    async def list_room(self, room: str) -> Listing:
        listing = await self.list_rooms([room])
        return replace(listing, rooms=tuple(one for one in listing.rooms if one.room == room))

    async def disconnect(self, target: Target, *, block: bool) -> None:
        await self._called("disconnect", target, block)
        if self.effect != "none":
            await self._remove(target.room, {target.participant})

    async def readmit(self, target: Target) -> None:
        await self._called("readmit", target)

    async def mute(self, target: Target) -> None:
        await self._called("mute", target)

    async def extend(self, target: Target, expected: int | None, ends_at: int) -> int:
        """The platform's timer: it is where the test, or the last extension, put it."""
        await self._called("extend", target, ends_at)
        if self.ends_at not in (None, expected, ends_at):
            raise Moved("Somebody else moved it.", self.ends_at)
        self.ends_at = ends_at if self.answers is None else self.answers
        return self.ends_at

    async def revoke(self, target: Target) -> None:
        await self._called("revoke", target)

    async def restore(self, target: Target) -> None:
        await self._called("restore", target)

    async def stop_stream(self, target: Target) -> None:
        await self._called("stop_stream", target)

    async def end_room(self, target: Target) -> None:
        await self._called("end_room", target)
        if self.effect != "none":
            await self._remove(target.room, set(self.people(target.room)))

    async def send_message(self, target: Target, text: str) -> None:
        await self._called("send_message", target, text)

    async def tell(self, target: Target, text: str) -> None:
        await self._called("tell", target, text)

    async def open_room(self, name: str) -> str:
        """A new one each time, like those of platforms that know no names."""
        self.opened.append(name)
        made = f"made-{len(self.opened)}"
        await self._called("open_room", Target(room=made), name)
        return made

    async def credentials(self, admission: Admission) -> dict[str, str]:
        self.admitted.append(admission)
        await self._called("credentials", Target(room=admission.room, user=admission.user))
        return {"url": "https://fake.example", "room": admission.room, "token": f"token-of-{admission.user}"}

    async def check(self, webhook_url: str) -> list[Finding]:
        return [*self.findings, Finding(True, f"webhooks go to {webhook_url}", reported=True)]

    # --- what the test asks and says ---------------------------------------------------------------------------------

    def called(self, name: str) -> list[str]:
        """Whom these calls were about, in order."""
        return [call.target.participant for call in self.calls if call.name == name]

    def people(self, room: str) -> list[str]:
        """Who is in a room, by the platform's list."""
        return [one.participant for listed in self.rooms if listed.room == room for one in listed.participants]

    def happened(self, event: Event) -> None:
        """Put it into the list."""
        known = next((one for one in self.rooms if one.room == event.room), ListedRoom(room=event.room or ""))
        match event.data:
            case ParticipantJoined(participant=id_, user=user, name=name):
                person = ListedParticipant(participant=id_, user=user, name=name, joined_at=event.at)
                room = replace(without(known, {id_}), participants=(*without(known, {id_}).participants, person))
            case ParticipantLeft(participant=id_):
                room = without(known, {id_})
            case _:
                return
        self.rooms = [*(one for one in self.rooms if one is not known), room]

    async def _called(self, name: str, target: Target, argument: object = None) -> None:
        self.calls.append(Call(name, target, argument))
        if self.hangs:
            await asyncio.Event().wait()
        if self.errors:
            raise self.errors.pop(0)

    async def _remove(self, room: str, participants: set[str]) -> None:
        self.rooms = [without(listed, participants) if listed.room == room else listed for listed in self.rooms]
        if self.effect == "webhook" and self.report is not None:
            for participant in sorted(participants):
                gone = ParticipantLeft(participant=participant, forced=True)
                await self.report(a_fact(gone, self._clock.now_ms(), room=room))


def a_webhook(*events: Event) -> bytes:
    """The body that this platform sends for these facts."""
    return encode_entry(an_entry(*events))


def a_listed_room(*people: str, room: str, name: str = "") -> ListedRoom:
    """A room with these participants, who are users of the same name."""
    return ListedRoom(room=room, name=name, participants=tuple(a_listed_person(one) for one in people))


def a_listed_person(
    participant: str, *, name: str = "", joined_at: int | None = None, streams: Sequence[ListedStream] = ()
) -> ListedParticipant:
    return ListedParticipant(
        participant=participant,
        user=f"user-{participant}",
        name=name,
        joined_at=joined_at,
        streams=tuple(streams),
    )


def without(room: ListedRoom, participants: set[str]) -> ListedRoom:
    """The room when these have gone."""
    staying = tuple(one for one in room.participants if one.participant not in participants)
    return replace(room, participants=staying)


def install(folder: Path) -> Path:
    """Make a folder that, when it is on Python's path, offers this provider as `fake`, like an installed package."""
    package = folder / "fake_platform-1.0.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: fake-platform\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text("[moderator.providers]\nfake = tests.fakes.provider:FakeProvider\n")
    return folder
