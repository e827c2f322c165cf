"""How the accounts are doing, as moderators are told: by the feed and with the list of rooms."""

from collections.abc import Iterable

from msgspec.structs import replace

from moderator.domain.rooms import Source
from moderator.gateway.platforms.sources import LiveSource
from moderator.journal.event_log import EventLog


def statuses(sources: Iterable[LiveSource], log: EventLog) -> list[Source]:
    """Now. As long as the log takes nothing, whatever a platform tells is not seen: that must not look like calm."""
    health = log.health()
    found = [source.status() for source in sources]
    if health.writable:
        return found
    detail = health.why.removesuffix(".") or "the gateway cannot store anything"
    return [replace(one, state="failing", detail=detail) for one in found]
