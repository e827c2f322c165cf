"""Which sources fail, since when and for how many rooms: as facts, and as one sentence. Pure."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from moderator.client.texts import clock_time, platform_name, safe
from moderator.desktop.upcoming.coming import listed
from moderator.domain.rooms import Source
from moderator.language import ntr, tr


class SourceTrouble(Struct, frozen=True):
    """A source whose platform the gateway asks in vain."""

    source: str
    platform: str
    since: int | None
    """When it was heard last, in milliseconds since the epoch; None: never."""
    why: str
    rooms: int


def troubles(sources: Mapping[str, Source], live: Mapping[str, int]) -> tuple[SourceTrouble, ...]:
    """Those that fail, the one with the most rooms first; `live`: how many each has."""
    found = (
        SourceTrouble(
            safe(one.source),
            platform_name(one.provider),
            max(one.heard_at or 0, one.listed_at or 0) or None,
            safe(one.detail or ""),
            live.get(one.source, 0),
        )
        for one in sources.values()
        if one.state == "failing"
    )
    return tuple(sorted(found, key=lambda one: (-one.rooms, one.source)))


def trouble_sentence(found: Sequence[SourceTrouble]) -> str:
    """Which platform, since when, how many rooms, and that nobody here has to do anything; empty without any."""
    if not found:
        return ""
    first = found[0]
    if len(found) > 1:
        names = listed([one.source for one in found])
        words = ntr(
            "{sources} do not answer; {count} room is affected. It is not your fault: the gateway goes on asking.",
            "{sources} do not answer; {count} rooms are affected. It is not your fault: the gateway goes on asking.",
            sum(one.rooms for one in found),
        )
        return words.format(sources=names, count=sum(one.rooms for one in found))
    why = first.why.strip().rstrip(".") or tr("no reason is known")
    if first.since is None:
        words = ntr(
            "{platform} ({source}) has never answered: {why}. {count} room is affected. The gateway goes on asking.",
            "{platform} ({source}) has never answered: {why}. {count} rooms are affected. The gateway goes on asking.",
            first.rooms,
        )
        return words.format(platform=first.platform, source=first.source, why=why, count=first.rooms)
    words = ntr(
        "{platform} ({source}) fails since {time}: {why}. {count} room is affected. It is not your fault: "
        "the gateway goes on asking.",
        "{platform} ({source}) fails since {time}: {why}. {count} rooms are affected. It is not your fault: "
        "the gateway goes on asking.",
        first.rooms,
    )
    time = clock_time(first.since)
    return words.format(platform=first.platform, source=first.source, time=time, why=why, count=first.rooms)
