"""Any event of any kind, with every member filled in, for properties of what reads and writes them."""

from typing import Any

import msgspec
from hypothesis import strategies as st

from moderator.domain.events import Actor, Event
from moderator.domain.ids import EventId, InstanceId, RoomId, SourceName
from moderator.domain.kinds import Data
from moderator.domain.settings import Capability, RoomType, Settings, SourceInfo

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
# JSON carries neither lone surrogates nor, everywhere, larger integers.
st.register_type_strategy(str, TEXT)
st.register_type_strategy(int, st.integers(-(2**53), 2**53))


def any_of(type_: Any) -> st.SearchStrategy[Any]:
    """Any value of a struct, with every member filled in."""
    return st.builds(type_, **{field.name: st.from_type(field.type) for field in msgspec.structs.fields(type_)})


for _struct in (Capability, SourceInfo, RoomType, Settings):
    st.register_type_strategy(_struct, any_of(_struct))


def event_with(data: Data, **members: Any) -> Event:
    """One in a room, with this data."""
    room = {"source": SourceName("clinic"), "room": RoomId("r/1"), "instance": InstanceId("0")}
    return Event(**{"id": EventId("e1"), "at": 5, "actor": Actor("provider", "janus"), "data": data, **room, **members})
