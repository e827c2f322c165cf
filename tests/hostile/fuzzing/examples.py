"""Entries to begin from: one event of every kind there is, with every member filled in, and one that nobody knows."""

import functools
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import msgspec
from msgspec import inspect

from moderator.domain.events import KINDS, Entry, Event, Unknown
from moderator.domain.fold import fold
from moderator.domain.ids import InstanceId, derive_event_id
from moderator.domain.kinds import Data, Fact
from moderator.domain.state import State
from tests.fakes.builders import ANNA, DAY, FIRST, PLATFORM, ROOM, SOURCE, an_entry, configured, rules

T = TypeVar("T", bound=msgspec.Struct)
EVERY_POLICY: Final = rules(
    duration_ms=30_000,
    max_people=2,
    warn_ms=(20_000, 5_000),
    allow="listed",
    screen_share=("advisor",),
    tell=("warning", "extension", "removal"),
    can=("mute", "message", "tell", "stop_stream"),
    hold_above=2,
)
_TEXTS: Final = {"participant": "p", "stream": "s", "source": SOURCE, "room": ROOM}


@functools.cache
def entries() -> tuple[Entry, ...]:
    """One event to an entry, a second apart, in one room."""
    datas = [*map(example, KINDS.values()), Unknown(unknown_kind="of_tomorrow", members={"user": "anna", "at": [1]})]
    events = [configured(EVERY_POLICY), *(_event(data, second) for second, data in enumerate(datas, 1))]
    return tuple(
        an_entry(event, seq=seq, recorded_at=DAY + 1_000 * seq, key=seq) for seq, event in enumerate(events, 1)
    )


def _event(data: Data, second: int) -> Event:
    is_fact = isinstance(data, Fact)
    return Event(
        id=derive_event_id("example", second),
        source=SOURCE,
        room=ROOM,
        instance=None if is_fact else InstanceId(FIRST),
        at=DAY + 1_000 * second,
        actor=PLATFORM if is_fact else ANNA,
        data=data,
    )


def folded_all(told: Sequence[Entry]) -> State:
    """The state after these entries, as they are."""
    state = State()
    for entry in told:
        fold(state, entry)
    return state


def example(type_: type[T]) -> T:
    """With every member filled in."""
    members = {field.encode_name: field.type for field in msgspec.structs.fields(type_)}
    return msgspec.convert({name: _of(name, inspect.type_info(type_)) for name, type_ in members.items()}, type_)


def _of(name: str, type_: Any) -> Any:
    """Something of this type, for a member of this name."""
    return next(make for known, make in _MAKERS.items() if isinstance(type_, known))(name, type_)


def _number(name: str, type_: Any) -> int:
    is_time = name.endswith(("_at", "since", "until"))
    return 1 if "version" in name else DAY + 60_000 if is_time else 20_000


def _struct(name: str, type_: Any) -> Any:
    if type_.array_like:
        return [_of(field.encode_name, field.type) for field in type_.fields]
    return {field.encode_name: _of(field.encode_name, field.type) for field in type_.fields if field.required}


def _one_of(name: str, type_: Any) -> Any:
    return _of(name, next(one for one in type_.types if not isinstance(one, inspect.NoneType)))


_MAKERS: Final[dict[type, Callable[[str, Any], Any]]] = {
    inspect.BoolType: lambda name, type_: True,
    inspect.IntType: _number,
    inspect.FloatType: lambda name, type_: 0.5,
    inspect.StrType: lambda name, type_: _TEXTS.get(name, name),
    inspect.LiteralType: lambda name, type_: type_.values[0],
    inspect.UnionType: _one_of,
    inspect.VarTupleType: lambda name, type_: [_of(name, type_.item_type)],
    inspect.DictType: lambda name, type_: {name: _of(name, type_.value_type)},
    inspect.StructType: _struct,
}
