"""Who is shown in a room: connections grouped by person, with what the platform tells of them. Pure."""

import unicodedata
from collections.abc import Iterable
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from moderator.client.texts import clock_time, safe
from moderator.desktop.durations import rough
from moderator.desktop.reasons import violation_words
from moderator.domain.attendance import GRACE_MS
from moderator.domain.ids import platform_participant
from moderator.domain.rooms import Participant, Room, Stream, Violation
from moderator.language import marked, ntr, tr

KEPT_AFTER_LEAVING: Final = 5
"""So many of those who left are shown, the last to leave first."""
SUFFIXES: Final = (4, 8, 16, 32)
"""So many letters of an id tell people of one name from each other: the fewest that do, and never more."""

Presence = Literal["violation", "here", "expected", "left"]


class Medium(Struct, frozen=True, gc=False):
    """What somebody shares: an icon of `resources/icons` and a word for it, to be given to `tr`."""

    icon: str
    word: str


class PersonRow(Struct, frozen=True, kw_only=True):
    """One person, with every connection of theirs."""

    person: str
    """Identity: the user, or the connection where there is no user."""
    participants: tuple[str, ...]
    """Connections that are here; of somebody who left, the last one."""
    user: str
    name: str
    role: str
    presence: Presence
    since: int
    """When the stay that lasts began; of somebody who left, when it ended; else when they are expected."""
    before_ms: int = 0
    """Time in the room before `since`: coming back does not set it to zero."""
    removed: bool = False
    blocked_until: int | None = 0
    """How long somebody who was removed is kept out; None: for good, 0: not at all."""
    media: tuple[Medium, ...] = ()
    notes: tuple[str, ...] = ()
    """What needs attention, in words: the violation, a command that is under way or failed."""
    sharing: tuple[str, ...] = ()
    """Connections with a stream: what there is to mute. Some platforms have one stream for sound and picture."""
    screens: tuple[str, ...] = ()
    """Streams that show a screen."""
    raw: str = ""
    """What the platform told of the connections, for support."""
    suffix: str = ""
    """A part of the id, where somebody else has the same name."""

    @property
    def here(self) -> bool:
        return self.presence in {"violation", "here"}

    @property
    def title(self) -> str:
        """The name, and what tells this person from another of the same name."""
        return self.titled(self.name)

    def titled(self, name: str) -> str:
        """The title with another form of the name, such as a shortened one."""
        return f"{name} ({self.suffix})" if self.suffix else name

    @property
    def initials(self) -> str:
        """`DL` for Dr Lee; one letter where there is one word only."""
        words = [word for word in self.name.replace("-", " ").replace("_", " ").split() if word[0].isalnum()]
        letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
        return "".join(letters).upper() or "?"

    def details(self, now_ms: int) -> str:
        """The second line: role, how long, how many devices."""
        if self.presence == "expected":
            late = now_ms >= self.since + GRACE_MS
            return _dotted(safe(self.role), tr("has not come") if late else tr("expected"))
        if not self.here:
            words = tr("removed {time}") if self.removed else tr("left {time}")
            if self.removed and not self._is_kept_out(now_ms):
                words = tr("removed {time}, may come back")
            return words.format(time=clock_time(self.since, with_seconds=False))
        count = len(self.participants)
        devices = ntr("1 device", "{count} devices", count).format(count=count) if count > 1 else ""
        return _dotted(safe(self.role), tr("here {duration}").format(duration=self.time_here(now_ms)), devices)

    def _is_kept_out(self, now_ms: int) -> bool:
        return self.blocked_until is None or self.blocked_until > now_ms

    def time_here(self, now_ms: int) -> str:
        """How long somebody who is here was in the room, with earlier stays."""
        return rough(self.before_ms + now_ms - self.since)

    def spoken(self, now_ms: int) -> str:
        """The row for a screen reader."""
        shares = ", ".join(tr(medium.word) for medium in self.media)
        parts = (self.title, *self.notes, self.details(now_ms).replace(" · ", ", "), shares)
        return ", ".join(part for part in parts if part)


def _dotted(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def people_of(room: Room) -> tuple[PersonRow, ...]:
    """Violations first, then who is here in the order of coming, who is expected, and the last few who left."""
    stays: dict[str, list[Participant]] = {}
    for one in room.participants:
        stays.setdefault(one.person, []).append(one)
    rows = [_row(room, person, connections) for person, connections in stays.items()]
    here = sorted((row for row in rows if row.here), key=lambda row: (row.presence == "here", row.since, row.person))
    gone = sorted((row for row in rows if not row.here), key=lambda row: (-row.since, row.person))
    return _distinct((*here, *_expected(room), *gone[:KEPT_AFTER_LEAVING]))


def titles_of(room: Room) -> dict[str, str]:
    """What everybody who is or was in the room is called, by person: the title, where the list of people has them."""
    names = {one.person: name_of(one) for one in room.participants}
    return names | {row.person: row.title for row in people_of(room)}


def _distinct(rows: tuple[PersonRow, ...]) -> tuple[PersonRow, ...]:
    """People of one name get a part of their ids behind it."""
    alike: dict[str, list[PersonRow]] = {}
    for row in rows:
        alike.setdefault(_as_read(row.name), []).append(row)
    suffixes = {
        row.person: suffix
        for group in alike.values()
        if len(group) > 1
        for row, suffix in zip(group, _suffixes(group), strict=True)
    }
    return tuple(replace(row, suffix=suffixes.get(row.person, "")) for row in rows)


def _as_read(name: str) -> str:
    """What is alike to the eye is one name: people choose their names themselves."""
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _suffixes(rows: list[PersonRow]) -> list[str]:
    """As much of the end, or else of the start, of each id as tells all apart; nothing for whom the name is the id."""
    ids = [row.user or platform_participant(row.person) for row in rows]
    cuts = [cut for length in SUFFIXES for cut in (slice(-length, None), slice(length))]
    part = next((cut for cut in cuts if len({id_[cut] for id_ in ids}) == len(ids)), cuts[-2])
    return ["" if id_ == row.name else safe(id_[part]) for row, id_ in zip(rows, ids, strict=True)]


def _expected(room: Room) -> Iterable[PersonRow]:
    """Who was announced and has not been here yet."""
    appointment = room.appointment if room.state == "live" else None
    come = {one.user for one in room.participants}
    for one in appointment.allow if appointment else ():
        if one.user not in come:
            yield PersonRow(
                person=one.user,
                participants=(),
                user=one.user,
                name=safe(one.user),
                role=one.role,
                presence="expected",
                since=appointment.starts_at if appointment else 0,
            )


def _row(room: Room, person: str, stays: list[Participant]) -> PersonRow:
    here = [one for one in stays if one.here]
    last = max(stays, key=lambda one: (one.left_at or 0, one.joined_at))
    shown = here or [last]
    ids = tuple(one.id for one in shown)
    violated = bool(here) and any(found.participant in ids for found in room.violations)
    streams = [stream for one in here for stream in one.streams]
    since = min(one.joined_at for one in here) if here else last.left_at or last.joined_at
    return PersonRow(
        person=person,
        participants=ids,
        user=shown[0].user,
        name=name_of(*here, *reversed(stays)),
        role=next((one.role for one in shown if one.role), ""),
        presence="violation" if violated else "here" if here else "left",
        since=since,
        before_ms=_spent_before(stays, since),
        removed=not here and last.state == "disconnected",
        blocked_until=next((one.until for one in room.blocks if one.user == shown[0].user), 0),
        media=_media(streams),
        notes=_notes(room, ids) if here else (),
        sharing=tuple(one.id for one in here if one.streams),
        screens=tuple(stream.id for stream in streams if stream.kind == "screen"),
        raw="\n".join(_raw(one) for one in shown),
    )


def name_of(*connections: Participant) -> str:
    """The best name there is: the name, the user, else the platform's id. Foreign text, made safe."""
    names = (getattr(one, member) for member in ("name", "user") for one in connections)
    return safe(next((name for name in names if name), platform_participant(connections[0].id)))


def _spent_before(stays: Iterable[Participant], since: int) -> int:
    """Time in earlier stays; what overlaps counts once."""
    total, covered_to = 0, 0
    for one in sorted(stays, key=lambda one: one.joined_at):
        begin, end = max(one.joined_at, covered_to), min(since if one.left_at is None else one.left_at, since)
        total += max(0, end - begin)
        covered_to = max(covered_to, end)
    return total


MEDIA: Final[dict[str, Medium]] = {
    "camera": Medium("video", marked("camera")),
    "microphone": Medium("mic", marked("microphone")),
    "screen": Medium("screen-share", marked("screen")),
    "custom": Medium("radio", marked("stream")),
}
"""By the kind of stream."""
_MUTED: Final = Medium("mic-off", marked("muted microphone"))


def _media(streams: Iterable[Stream]) -> tuple[Medium, ...]:
    """What is shared, each sort once. A sort is muted when every stream of it is."""
    by_kind: dict[str, list[Stream]] = {}
    for stream in streams:
        by_kind.setdefault(stream.kind, []).append(stream)
    shared = [kind for kind in MEDIA if kind in by_kind]
    return tuple(_MUTED if kind == "microphone" and _muted(by_kind[kind]) else MEDIA[kind] for kind in shared)


def _muted(streams: Iterable[Stream]) -> bool:
    return all(stream.muted for stream in streams)


_UNDER_WAY: Final = {
    "disconnect": marked("disconnecting…"),
    "mute": marked("muting…"),
    "revoke": marked("taking the microphone away…"),
    "restore": marked("giving the microphone back…"),
    "stream_stop": marked("stopping a stream…"),
}
_FAILED: Final = {
    "disconnect": marked("could not be disconnected: {why}"),
    "mute": marked("could not be muted: {why}"),
    "revoke": marked("microphone not taken away: {why}"),
    "restore": marked("microphone not given back: {why}"),
    "stream_stop": marked("stream not stopped: {why}"),
}


def _notes(room: Room, ids: tuple[str, ...]) -> tuple[str, ...]:
    notes = [_objection(found) for found in room.violations if found.participant in ids]
    notes += [tr(_UNDER_WAY[one.command]) for one in room.pending if one.target in ids and one.command in _UNDER_WAY]
    notes += [
        tr(_FAILED[one.command]).format(why=safe(one.why))
        for one in room.failures
        if one.target in ids and one.command in _FAILED
    ]
    return tuple(dict.fromkeys(notes))


def _objection(found: Violation) -> str:
    words = violation_words(found)
    return words if found.enforced else tr("{objection} (only observed)").format(objection=words)


def _raw(one: Participant) -> str:
    streams = ", ".join(f"{tr(MEDIA[stream.kind].word)} {safe(stream.id)}" for stream in one.streams)
    lines = (
        tr("connection: {id}").format(id=safe(one.id)),
        tr("user: {id}").format(id=safe(one.user)) if one.user else "",
        tr("data: {text}").format(text=safe(one.data)) if one.data else "",
        tr("streams: {streams}").format(streams=streams) if streams else "",
    )
    return "\n".join(line for line in lines if line)
