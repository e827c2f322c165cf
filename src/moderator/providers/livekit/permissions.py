"""What a participant may publish, with sources taken away from it or given back. Pure.

The API replaces all flags of a permission at once: whatever was read is written again, also what this version does not
know. An empty list of sources means all of them; nobody may publish nothing but by `can_publish`.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

from moderator.providers.errors import Rejected
from moderator.providers.livekit.wire import SOURCES, Name, name_of

Permission = Mapping[str, Any]
"""As the API writes it, with keys in snake_case."""

SOUND: Final = frozenset({"UNKNOWN", "MICROPHONE", "SCREEN_SHARE_AUDIO"})
"""Whatever may carry somebody's voice. (UNKNOWN: tracks of applications that do not say what they are.)"""
SCREEN: Final = frozenset({"SCREEN_SHARE", "SCREEN_SHARE_AUDIO"})
_NAMED: Final = frozenset(SOURCES) - {"UNKNOWN"}


def source_of(value: Name) -> Name:
    """A source by its name; one that this version does not know stays the number that it is."""
    return value if isinstance(value, int) and not 0 <= value < len(SOURCES) else name_of(value, SOURCES)


def without(permission: Permission, sources: AbstractSet[Name]) -> dict[str, Any]:
    """The permission less these sources. Raises Rejected for one that cannot be read, as `with_sound` does."""
    left = _allowed(permission) - sources
    if not left:
        return {**permission, "can_publish": False, "can_publish_sources": []}
    return {**permission, "can_publish_sources": _in_order(left)}


def with_sound(permission: Permission) -> dict[str, Any]:
    """The permission with the right to be heard; a screen's sound only to whom the screen is left."""
    allowed = _allowed(permission) | {"MICROPHONE"}
    if "SCREEN_SHARE" in allowed:
        allowed |= {"SCREEN_SHARE_AUDIO"}
    # Whom all that has a name is allowed was allowed everything before.
    sources = [] if allowed >= _NAMED else _in_order(allowed)
    return {**permission, "can_publish": True, "can_publish_sources": sources}


def _allowed(permission: Permission) -> AbstractSet[Name]:
    sources = permission.get("can_publish_sources", [])
    if not isinstance(sources, list) or not all(type(one) in (str, int) for one in sources):
        raise Rejected("What the server says this participant may do makes no sense, so nothing of it is changed.")
    if not permission.get("can_publish", False):
        return frozenset()
    return frozenset(source_of(one) for one in sources) or frozenset(SOURCES)


def _in_order(sources: AbstractSet[Name]) -> list[Name]:
    """Known ones by number, then those of a newer server."""
    return [*(one for one in SOURCES if one in sources), *sorted(sources - frozenset(SOURCES), key=str)]
