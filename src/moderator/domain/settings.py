"""What the configuration says about rooms and sources, as far as the fold and policies need it. No secrets."""

from fnmatch import fnmatchcase
from typing import Final, Literal

from msgspec import Struct

MINUTE_MS: Final = 60_000
Mode = Literal["off", "observe", "enforce"]
StartRule = Literal["first_join", "second_person", "scheduled", "provider"]
OnExpiry = Literal["disconnect", "end", "alert"]
Allow = Literal["anyone", "listed"]
WrongShare = Literal["stop", "mute", "disconnect"]
Telling = Literal["warning", "extension", "removal"]

DEFAULT_RESUME_WITHIN_MS: Final = 10 * MINUTE_MS
DEFAULT_WARN_MS: Final = (5 * MINUTE_MS, MINUTE_MS, 20_000)
GRACE_MS: Final = 20_000
"""Nobody is cut off sooner than this after the last call."""


class Capability(Struct, frozen=True, gc=False, omit_defaults=True):
    """Who can do a thing: the provider, the gateway in its place, or nobody, and then why."""

    by: Literal["provider", "gateway"] | None
    why: str = ""


class SourceInfo(Struct, frozen=True, gc=False):
    """One configured account of a provider."""

    name: str
    provider: str
    capabilities: dict[str, Capability] = {}


class RoomType(Struct, frozen=True, gc=False, kw_only=True):
    """The rules for rooms whose name matches. Durations in milliseconds."""

    name: str
    match_source: str = "*"
    match_room: str = "*"
    duration_ms: int | None = None
    starts: StartRule = "first_join"
    resume_within_ms: int = DEFAULT_RESUME_WITHIN_MS
    warn_ms: tuple[int, ...] = DEFAULT_WARN_MS
    on_expiry: OnExpiry = "disconnect"
    extension_step_ms: int = 5 * MINUTE_MS
    max_extension_ms: int | None = None
    max_people: int | None = None
    allow: Allow = "anyone"
    screen_share: tuple[str, ...] | None = None
    """The roles that may share a screen; None: anyone."""
    wrong_share: WrongShare = "stop"
    """What to do about a share by another role where the platform cannot stop it: `stop` is then to alert."""
    tell: tuple[Telling, ...] = ()
    """What people in the room are told, where the platform can carry it."""
    mode: Mode = "observe"

    def matches(self, source: str, name: str) -> bool:
        """Globs on the source and on the room's name, case-sensitive."""
        return fnmatchcase(source, self.match_source) and fnmatchcase(name, self.match_room)


class Settings(Struct, frozen=True, gc=False):
    """The part of the configuration that decides what rooms may do; in the log, so that replay equals live."""

    room_types: tuple[RoomType, ...] = ()
    sources: tuple[SourceInfo, ...] = ()
    hold_above: int | None = None
    """More automatic removals within a minute than this are held until a moderator resumes; None: never."""

    def type_named(self, name: str) -> RoomType | None:
        """The type of that name, or None."""
        return next((found for found in self.room_types if found.name == name), None)

    def type_of(self, source: str, name: str) -> RoomType | None:
        """The first type in file order that matches; None means no deadline and no policy."""
        return next((found for found in self.room_types if found.matches(source, name)), None)

    def source(self, name: str) -> SourceInfo | None:
        """The source of that name, or None when it is not configured (any more)."""
        return next((found for found in self.sources if found.name == name), None)


def last_call_ms(warn_ms: tuple[int, ...]) -> int:
    """The tightest threshold: a deadline without it being raised cuts nobody off."""
    return min(warn_ms, default=GRACE_MS)


def grace_ms(warn_ms: tuple[int, ...]) -> int:
    """How long people get between the last call and the end, at least."""
    return min(GRACE_MS, last_call_ms(warn_ms))
