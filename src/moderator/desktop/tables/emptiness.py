"""Why the rooms table has no rows, and what can be done about it. Pure.

What is wrong with the link is said by the strip above (`window.states`); here is what stands in the place of rooms.
"""

from collections.abc import Sequence
from typing import Final, Literal

from msgspec import Struct

from moderator.client.link import Link
from moderator.client.texts import clock_time, platform_name, safe
from moderator.desktop.durations import age
from moderator.domain.announcements import Appointment
from moderator.domain.rooms import Source
from moderator.language import ntr, tr

LONG_S: Final = 10.0
"""Whoever waits longer is told what for."""

EmptyAction = Literal["", "clear", "connect", "test_warning"]
Progress = Literal["heard", "waiting", "failing"]


class SourceProgress(Struct, frozen=True):
    """How far a platform has got at the start."""

    name: str
    progress: Progress
    why: str = ""


class Emptiness(Struct, frozen=True):
    """What stands in the place of rooms."""

    icon: str
    title: str
    line: str
    action: EmptyAction = ""
    loading: bool = False
    """Rows are drawn in outline: rooms are to come."""
    sources: tuple[SourceProgress, ...] = ()


class Emptied(Struct, frozen=True, kw_only=True):
    """What is known where there are no rows."""

    link: Link
    ready: bool
    total: int
    """Rooms without the filter."""
    filter_text: str = ""
    sources: Sequence[Source] = ()
    appointments: Sequence[Appointment] = ()
    config_path: str = ""
    """Of a gateway of one's own, which has it from there where rooms come from."""
    now_ms: int
    waited_s: float = 0.0
    """Since when rooms are waited for."""
    can_test: bool = False


def emptiness(known: Emptied) -> Emptiness:
    """The first reason that holds."""
    if not known.ready:
        return _no_picture(known)
    if known.total:
        title = ntr("0 of {total} room matches", "0 of {total} rooms match", known.total).format(total=known.total)
        return Emptiness("search-x", title, safe(known.filter_text), "clear")
    if not known.sources and known.config_path:
        line = tr("It takes about a minute. It is kept in this file:\n{path}").format(path=known.config_path)
        return Emptiness("radio", tr("No platform is connected yet"), line, "connect")
    progress = tuple(_progress(one) for one in known.sources)
    if known.waited_s < LONG_S and any(one.progress == "waiting" for one in progress):
        return _first_lists(progress)
    line = " ".join(part for part in (_next(known), _last_checked(known.sources), _unheard(progress)) if part)
    return Emptiness("inbox", tr("No live rooms"), line, "test_warning" if known.can_test else "")


def _no_picture(known: Emptied) -> Emptiness:
    why = safe(known.link.sentence)
    if known.link.state == "signed_out":
        return Emptiness("log-in", tr("Signed out"), why)
    if known.link.state == "forbidden":
        return Emptiness("lock", tr("No access"), why)
    if known.waited_s < LONG_S:
        return Emptiness("loader-circle", tr("Loading rooms"), why, loading=True)
    words = tr(
        "{why}\nThis takes longer than it should, {age} so far. Nothing has to be done here: it goes on by itself."
    )
    return Emptiness("loader-circle", tr("Loading rooms"), words.format(why=why, age=age(known.waited_s)), loading=True)


def _first_lists(progress: tuple[SourceProgress, ...]) -> Emptiness:
    count = len(progress)
    title = ntr("Loading the rooms of {count} platform", "Loading the rooms of {count} platforms", count)
    line = tr("Rooms appear as each platform answers.")
    return Emptiness("loader-circle", title.format(count=count), line, loading=True, sources=progress)


def _progress(source: Source) -> SourceProgress:
    name = tr("{platform} ({source})").format(platform=platform_name(source.provider), source=safe(source.source))
    if source.state == "failing":
        return SourceProgress(name, "failing", safe(source.detail or ""))
    return SourceProgress(name, "heard" if source.heard_at or source.listed_at else "waiting")


def _next(known: Emptied) -> str:
    coming = [one for one in known.appointments if one.starts_at > known.now_ms]
    if not coming:
        return ""
    first = min(coming, key=lambda one: (one.starts_at, one.name))
    time = clock_time(first.starts_at, with_seconds=False)
    return tr("Next: {name} at {time}.").format(name=safe(first.name), time=time)


def _last_checked(sources: Sequence[Source]) -> str:
    heard = [max(one.heard_at or 0, one.listed_at or 0) for one in sources]
    if not any(heard):
        return "" if sources else tr("No source has been heard of yet.")
    return tr("Last checked at {time}.").format(time=clock_time(max(heard)))


def _unheard(progress: Sequence[SourceProgress]) -> str:
    """Some platforms have no list of rooms: they are heard of when somebody joins."""
    names = ", ".join(one.name for one in progress if one.progress == "waiting")
    return tr("Not heard of yet: {sources}.").format(sources=names) if names else ""
