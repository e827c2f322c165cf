"""What is wrong with what the window shows, and what to do about it: every state there is, the gravest first. Pure.

Several may hold at once; the strip across the window says one, the first of `STATES`. What a panel shows in the place
of rows is in `tables.emptiness`; what is wrong with one room stands at the room.
"""

from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple

from msgspec import Struct

from moderator.client.link import Link
from moderator.client.texts import clock_time, safe
from moderator.desktop.durations import age, amount
from moderator.desktop.link_text import sentence
from moderator.desktop.room_status import Level
from moderator.desktop.session import ChildStatus
from moderator.desktop.window.source_trouble import SourceTrouble, trouble_sentence
from moderator.feed.session import Freshness
from moderator.language import decimal, ntr, tr

INEXACT_MS: Final = 500.0
"""An error of the clock from here on makes the last seconds of a countdown doubtful."""
CLOCK_OFF_MS: Final = 60_000
"""So far off, this computer's own clock misleads whoever looks at it."""

DAY_MS: Final = 24 * 3_600_000

StateAction = Literal["", "retry", "restart", "sign_in", "show_rooms", "evidence", "understood"]
"""What the strip's button does."""
StateName = Literal[
    "child_failed", "child_restarting", "signed_out", "forbidden", "offline", "unreadable", "stale", "reconnecting",
    "not_connected", "audit_broken", "provider_error", "clock_off", "clock_inexact", "versions",
]  # fmt: skip


class Facts(Struct, frozen=True, kw_only=True):
    """What is known about how the window is doing."""

    link: Link
    ready: bool = True
    """There is a picture."""
    freshness: Freshness = "fresh"
    age_s: float | None = 0.0
    """Since when nothing was heard; None: nothing was yet."""
    heard_at: int | None = None
    """The same as a moment, in milliseconds since the epoch."""
    retry_in_s: float | None = None
    is_offline: bool = False
    """The system says that it has no network."""
    clock_error_ms: float | None = None
    clock_off_ms: int = 0
    """How far this computer's clock is ahead of the gateway's."""
    child: ChildStatus | None = None
    may_sign_in: bool = False
    audit_problem: str = ""
    sources: Sequence[SourceTrouble] = ()
    versions: str = ""
    """That gateway and program do not fit, until it was understood."""


class Shown(Struct, frozen=True):
    """A strip: a level, an icon, a sentence and up to one button."""

    name: StateName
    level: Level
    icon: str
    sentence: str
    action: StateAction = ""
    button: str = ""


class _State(NamedTuple):
    name: StateName
    level: Level
    icon: str
    words: Callable[[Facts], str]
    """Empty where the state does not hold."""
    action: StateAction = ""


def state_of(facts: Facts) -> Shown | None:
    """The gravest state that holds; None where all is well."""
    return next(iter(states_of(facts)), None)


def states_of(facts: Facts) -> tuple[Shown, ...]:
    """All that hold, the gravest first."""
    return tuple(_shown(state, words, facts) for state in STATES if (words := state.words(facts)))


def _shown(state: _State, words: str, facts: Facts) -> Shown:
    action = state.action
    if action == "sign_in" and not facts.may_sign_in:
        action = "retry"
    if action == "sign_in" and facts.ready:  # the button is on what covers the rooms
        action = ""
    if action == "show_rooms" and not any(one.rooms for one in facts.sources):
        action = ""
    buttons: dict[StateAction, str] = {
        "": "",
        "retry": tr("Try again now"),
        "restart": tr("Try again"),
        "sign_in": tr("Sign in"),
        "show_rooms": tr("Show its rooms"),
        "evidence": tr("Export evidence"),
        "understood": tr("Got it"),
    }
    icon = "log-in" if action == "sign_in" else state.icon
    return Shown(state.name, state.level, icon, words, action, buttons[action])


# --- what each says ------------------------------------------------------------------------------------------------


def _child_failed(facts: Facts) -> str:
    return sentence(facts.child.sentence) if facts.child is not None and facts.child.state == "failed" else ""


def _child_restarting(facts: Facts) -> str:
    return sentence(facts.child.sentence) if facts.child is not None and facts.child.state == "restarting" else ""


def _signed_out(facts: Facts) -> str:
    if facts.link.state != "signed_out":
        return ""
    if not facts.ready:
        return _said(facts)
    return tr("{why} Rooms and names are hidden until then.").format(why=_said(facts))


def _forbidden(facts: Facts) -> str:
    if facts.link.state != "forbidden":
        return ""
    words = tr("{why} Whoever manages access can give you a token that may see the rooms.")
    return words.format(why=_said(facts))


def _offline(facts: Facts) -> str:
    if facts.link.state == "live" or not (facts.link.fault == "offline" or facts.is_offline):
        return ""
    if facts.heard_at is None:
        return tr("This computer is offline. As soon as it has a network again, the gateway is asked.")
    words = tr("You are offline since {time}. Warnings still run from the last known end times.")
    return words.format(time=clock_time(facts.heard_at))


def _unreadable(facts: Facts) -> str:
    return sentence(_trying(facts)) if facts.link.fault == "unreadable" else ""


def _stale(facts: Facts) -> str:
    if not facts.ready or facts.age_s is None or facts.freshness != "stale":
        return ""
    heard = age(facts.age_s)
    if facts.link.state == "live":
        words = tr(
            "Nothing was heard for {age}, though the connection stands. Somebody may have extended a room meanwhile."
        )
        return words.format(age=heard)
    words = tr("Nothing was heard for {age}: {why}. Somebody may have extended a room meanwhile.")
    return words.format(age=heard, why=_trying(facts).rstrip("."))


def _reconnecting(facts: Facts) -> str:
    if not facts.ready or facts.link.state not in {"reconnecting", "connecting"} or not facts.link.attempts:
        return ""
    return sentence(_trying(facts))


def _not_connected(facts: Facts) -> str:
    """No picture yet, and the first attempt came to nothing."""
    if facts.ready or facts.link.state == "live" or not facts.link.attempts:
        return ""
    return sentence(_trying(facts))


def _audit_broken(facts: Facts) -> str:
    if not facts.audit_problem:
        return ""
    words = tr("The audit was changed: {problem} Events go on being recorded. Export the evidence now.")
    return words.format(problem=sentence(safe(facts.audit_problem)))


def _provider_error(facts: Facts) -> str:
    return trouble_sentence(facts.sources)


def _clock_off(facts: Facts) -> str:
    if abs(facts.clock_off_ms) < CLOCK_OFF_MS:
        return ""
    if abs(facts.clock_off_ms) > DAY_MS:
        return tr("This computer's clock is off by more than a day; the gateway's time is used here.")
    off = amount(round(abs(facts.clock_off_ms) / 60_000) * 60)
    if facts.clock_off_ms > 0:
        return tr("This computer's clock is {time} fast; the gateway's time is used here.").format(time=off)
    return tr("This computer's clock is {time} slow; the gateway's time is used here.").format(time=off)


def _clock_inexact(facts: Facts) -> str:
    if facts.clock_error_ms is None or facts.clock_error_ms <= INEXACT_MS:
        return ""
    words = tr("Times are exact to ±{seconds} s only: the link to the gateway is slow.")
    return words.format(seconds=decimal(facts.clock_error_ms / 1000))


def _versions(facts: Facts) -> str:
    return facts.versions


def _said(facts: Facts) -> str:
    return sentence(safe(facts.link.sentence))


def _trying(facts: Facts) -> str:
    """What stands in the way, how often it was tried, and when it is again."""
    why = safe(facts.link.sentence).strip().rstrip(".")
    if facts.retry_in_s is None or not facts.link.attempts:
        return why
    number, seconds = facts.link.attempts + 1, max(0, round(facts.retry_in_s))
    if not seconds:
        return tr("{why}: attempt {number}, now").format(why=why, number=number)
    words = ntr("{why}: attempt {number} in {count} s", "{why}: attempt {number} in {count} s", seconds)
    return words.format(why=why, number=number, count=seconds)


STATES: Final = (
    _State("child_failed", "critical", "circle-alert", _child_failed, "restart"),
    _State("signed_out", "critical", "eye-off", _signed_out, "sign_in"),
    _State("forbidden", "critical", "lock", _forbidden, "retry"),
    _State("child_restarting", "warn", "refresh-cw", _child_restarting),
    _State("offline", "critical", "wifi-off", _offline, "retry"),
    _State("unreadable", "critical", "file-warning", _unreadable, "retry"),
    _State("stale", "stale", "wifi-off", _stale, "retry"),
    _State("reconnecting", "warn", "unplug", _reconnecting, "retry"),
    _State("not_connected", "warn", "unplug", _not_connected, "retry"),
    _State("audit_broken", "critical", "shield-alert", _audit_broken, "evidence"),
    _State("provider_error", "warn", "cloud-off", _provider_error, "show_rooms"),
    _State("clock_off", "warn", "clock-alert", _clock_off),
    _State("clock_inexact", "info", "clock-alert", _clock_inexact),
    _State("versions", "info", "circle-arrow-up", _versions, "understood"),
)
