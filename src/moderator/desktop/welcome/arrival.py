"""What has come of a new source so far: the sentence under its webhook address. Pure."""

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

from moderator.desktop.welcome.platforms import Platform
from moderator.domain.rooms import Room, Source
from moderator.language import ntr, tr

Stage = Literal["starting", "waiting", "listed", "heard", "failing"]


class Arrival(Struct, frozen=True):
    """How far it is."""

    stage: Stage
    sentence: str
    hint: str = ""
    """What to try where nothing comes."""


def arrival(source: str, platform: Platform, sources: Mapping[str, Source], rooms: Iterable[Room]) -> Arrival:
    """As the feed tells of the source now."""
    found = sources.get(source)
    here = [room for room in rooms if room.source == source]
    if found is None:
        return Arrival("starting", tr("The gateway is starting again with the new platform…"))
    if found.heard_at is not None:
        return Arrival("heard", _first_event(platform, here))
    if found.state == "failing":
        failing = tr("{platform} cannot be asked: {why}")
        return Arrival("failing", failing.format(platform=platform.name, why=found.detail or "?"))
    if platform.finds_rooms and found.listed_at is not None:
        return Arrival("listed", _listed(platform, here), tr("No webhook yet: register the address above, then join."))
    waiting = tr("Waiting for the first event from {platform}…").format(platform=platform.name)
    return Arrival("waiting", waiting, tr("Register the address above, then let somebody join a room."))


def _first_event(platform: Platform, here: list[Room]) -> str:
    if not here:
        return tr("First event from {platform}.").format(platform=platform.name)
    newest = max(here, key=lambda room: room.started_at or 0)
    words = tr("First event from {platform}: room {room}")
    return words.format(platform=platform.name, room=newest.name or newest.room)


def _listed(platform: Platform, here: list[Room]) -> str:
    if not here:
        return tr("{platform} answers: no room is open there now.").format(platform=platform.name)
    words = ntr("{platform} answers: 1 room is open.", "{platform} answers: {count} rooms are open.", len(here))
    return words.format(platform=platform.name, count=len(here))
