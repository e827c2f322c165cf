"""Rooms of the same name, and what tells one from the other. Pure."""

from moderator.domain.ids import RoomKey


class Namesakes:
    """Which rooms are called what. Most names are borne once."""

    def __init__(self) -> None:
        self._bearers: dict[str, set[RoomKey]] = {}

    def change(self, key: RoomKey, before: str | None, after: str | None) -> frozenset[RoomKey]:
        """A room was called this and is called that; None where there was or is none. Returns the rooms that may have
        to be told apart in another way now."""
        if before == after:
            return frozenset()
        touched: set[RoomKey] = set()
        if before is not None:
            touched |= self._leave(key, before)
        if after is not None:
            bearers = self._bearers.setdefault(after, set())
            touched |= bearers
            bearers.add(key)
        return frozenset(touched - {key})

    def mark(self, key: RoomKey, name: str) -> str:
        """What stands beside the name so that it means one room: the source, or the id; empty for the only bearer."""
        others = self._bearers.get(name, set()) - {key}
        if not others:
            return ""
        return key.room if any(other.source == key.source for other in others) else key.source

    def _leave(self, key: RoomKey, name: str) -> set[RoomKey]:
        bearers = self._bearers[name]
        bearers.discard(key)
        if not bearers:
            del self._bearers[name]
        return bearers
