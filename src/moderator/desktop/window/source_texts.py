"""A source, and how policies are carried out, in the few words of the bar at the foot. Pure."""

from collections.abc import Collection
from typing import Final

from msgspec import Struct

from moderator.client.texts import safe
from moderator.desktop.durations import age
from moderator.domain.rooms import Source
from moderator.domain.settings import Mode
from moderator.language import marked, tr

_SHOWN: Final = {
    "live": marked("{source} {age}"),
    "polling": marked("{source} {age}, polling"),
    "silent": marked("{source} {age}, silent"),
    "failing": marked("{source} {age}, failing"),
}
_UNHEARD: Final = {
    "live": marked("{source} not heard yet"),
    "polling": marked("{source} not heard yet, polling"),
    "silent": marked("{source} not heard yet, silent"),
    "failing": marked("{source} not heard yet, failing"),
}
_STATES: Final = {
    "live": marked("live"),
    "polling": marked("polling"),
    "silent": marked("silent"),
    "failing": marked("failing"),
}
_MODES: Final[dict[Mode, str]] = {
    "enforce": marked("Policy: enforce"),
    "observe": marked("Policy: observe only"),
    "off": marked("Policy: off"),
}


class SourceText(Struct, frozen=True):
    """What is read, what is spoken, and whether it works."""

    shown: str
    spoken: str
    works: bool


def source_text(source: Source, now_ms: int) -> SourceText:
    """How a source is doing."""
    heard_at = max(source.heard_at or 0, source.listed_at or 0)
    heard = age(max(0, now_ms - heard_at) / 1000)
    name, state = safe(source.source), tr(_STATES[source.state])
    if not heard_at:
        spoken = tr("Source {source}: {state}, not heard yet").format(source=name, state=state)
        return SourceText(tr(_UNHEARD[source.state]).format(source=name), spoken, works=False)
    spoken = tr("Source {source}: {state}, heard {age} ago").format(source=name, state=state, age=heard)
    shown = tr(_SHOWN[source.state]).format(source=name, age=heard)
    return SourceText(shown, spoken, works=source.state in {"live", "polling"})


def policy_text(modes: Collection[Mode], *, held: bool) -> str:
    """Whether policies act; empty where there are none."""
    if not modes:
        return ""
    if held and "enforce" in modes:
        return tr("Policy: held")
    if len(set(modes)) > 1:
        return tr("Policy: differs by room type")
    return tr(_MODES[next(iter(modes))])
