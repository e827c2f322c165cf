"""A start: what the log had led to at one place in it, so that a gateway begins there and not at the first entry.

It is worth no more than the fold that made it: one of another version is not read, and everything is folded. How it is
kept is the store's business; here is what it holds, and its bytes. Pure, but for the look at the fold's own sources.
"""

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Final, NamedTuple, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from moderator import __version__
from moderator.domain.ids import EventId
from moderator.domain.room_states import RoomState
from moderator.domain.state import Snapshot, Verdict
from moderator.feed.codec import UNDECODABLE, CodecError

T = TypeVar("T")

_ROOMS_AT_A_TIME: Final = 64
_MEMBERS_AT_A_TIME: Final = 2_000
_QUICKEST: Final = 1
"""Of the levels of compression; event ids cannot be made shorter by any."""


class Refusal(NamedTuple):
    """A decision that lost its slot, with the `seq` of its entry."""

    seq: int
    why: str


class Start(Struct, frozen=True, kw_only=True):
    """Everything that has to be known of the entries up to one of them to go on from there."""

    snapshot: Snapshot
    """Its `seq` is the place in the log."""
    head: str = ""
    """Of the newest checkpoint; the next one builds on it."""
    vouched: int = 0
    """The `seq` up to which checkpoints vouch for entries."""
    newest: int = 0
    """The newest entry that is more than a checkpoint."""
    refused: dict[EventId, Refusal] = {}
    """Decisions that lost their slot, oldest first, as far as their entries are in the log."""

    @property
    def seq(self) -> int:
        """The newest entry that is in it."""
        return self.snapshot.seq


class _First(Struct):
    """The first line: everything but what may be long, and how many lines follow of each of those."""

    by: str
    start: Start
    rooms: int
    verdicts: int
    refused: int


_first_decoder: Final = msgspec.json.Decoder(_First)
_rooms_decoder: Final = msgspec.json.Decoder(list[RoomState])
_verdicts_decoder: Final = msgspec.json.Decoder(dict[str, Verdict])
_refused_decoder: Final = msgspec.json.Decoder(dict[EventId, Refusal])


@cache
def fold_version() -> str:
    """This program's version, and a digest of the modules that fold: a checkout may be newer than its version says."""
    sources = [one for one in files("moderator.domain").iterdir() if one.name.endswith(".py")]
    text = b"".join(one.read_bytes() for one in sorted(sources, key=lambda one: one.name))
    return f"{__version__} ({hashlib.blake2b(text, digest_size=6).hexdigest()})"


def encode(start: Start) -> bytes:
    """Compressed lines of JSON. Takes long, in many short steps: on a thread it lets others have their turn."""
    packed = zlib.compressobj(_QUICKEST)
    return b"".join([*(packed.compress(line + b"\n") for line in _lines(start)), packed.flush()])


def decode(raw: bytes) -> Start:
    """What was encoded. Raises CodecError, also when another version of this program made it."""
    try:
        lines = iter(zlib.decompress(raw).split(b"\n"))
        first = _first_decoder.decode(next(lines))
        if first.by != fold_version():
            raise CodecError(f"version {first.by} made it, and this is {fold_version()}")
        rooms = [room for line in _take(lines, first.rooms) for room in _rooms_decoder.decode(line)]
        verdicts = _merged(_verdicts_decoder.decode(line) for line in _take(lines, first.verdicts))
        refused = _merged(_refused_decoder.decode(line) for line in _take(lines, first.refused))
    except (zlib.error, *UNDECODABLE, StopIteration, RuntimeError) as error:
        raise CodecError(f"it cannot be read: {error}") from error
    snapshot = replace(first.start.snapshot, rooms=tuple(rooms), verdicts=verdicts)
    return replace(first.start, snapshot=snapshot, refused=refused)


def _lines(start: Start) -> Iterator[bytes]:
    snapshot = start.snapshot
    rest = replace(start, snapshot=replace(snapshot, rooms=(), verdicts={}), refused={})
    rooms, verdicts, refused = len(snapshot.rooms), len(snapshot.verdicts), len(start.refused)
    yield msgspec.json.encode(
        _First(
            fold_version(),
            rest,
            _count(rooms, _ROOMS_AT_A_TIME),
            _count(verdicts, _MEMBERS_AT_A_TIME),
            _count(refused, _MEMBERS_AT_A_TIME),
        )
    )
    yield from map(msgspec.json.encode, _parts(snapshot.rooms, _ROOMS_AT_A_TIME))
    for members in (snapshot.verdicts, start.refused):
        yield from (msgspec.json.encode(dict(part)) for part in _parts(members.items(), _MEMBERS_AT_A_TIME))


def _count(things: int, at_a_time: int) -> int:
    return -(-things // at_a_time)


def _parts(things: Iterable[T], at_a_time: int) -> Iterator[list[T]]:
    rest = iter(things)
    while part := list(islice(rest, at_a_time)):
        yield part


def _take(lines: Iterator[bytes], count: int) -> Iterator[bytes]:
    return (next(lines) for _ in range(count))


def _merged(parts: Iterable[Mapping[T, object]]) -> dict[T, object]:
    return {key: value for part in parts for key, value in part.items()}
