"""Durations as the window words them, short for the eye and whole for the ear. Pure."""

from typing import Final

from moderator.desktop import times
from moderator.language import decimal, marked, minus, plus, tr, tr_in

_AMOUNTS: Final[dict[tuple[bool, bool, bool], str]] = {
    (True, True, True): marked("{hours} h {minutes} min {seconds} s"),
    (True, True, False): marked("{hours} h {minutes} min"),
    (True, False, True): marked("{hours} h {seconds} s"),
    (True, False, False): marked("{hours} h"),
    (False, True, True): marked("{minutes} min {seconds} s"),
    (False, True, False): marked("{minutes} min"),
    (False, False, True): marked("{seconds} s"),
    (False, False, False): marked("{seconds} s"),
}
"""By whether there are hours, minutes and seconds to name."""


def amount(seconds: int, *, signed: bool = False) -> str:
    """`5 min`, `1 h 30 min`, `30 s`, `1 min 30 s`; with `signed` a plus or minus sign in front."""
    sign = (plus() if seconds >= 0 else minus()) if signed else ""
    minutes, rest_s = divmod(abs(seconds), 60)
    hours, rest_min = divmod(minutes, 60)
    words = tr(_AMOUNTS[bool(hours), bool(rest_min), bool(rest_s)])
    return sign + words.format(hours=hours, minutes=rest_min, seconds=rest_s)


def step(milliseconds: int) -> str:
    """The label of the button that extends: `+5` for whole minutes, `+30 s` otherwise."""
    seconds = milliseconds // 1000
    if seconds % 60 == 0 and seconds:
        return f"{plus()}{seconds // 60}"
    return plus() + tr("{seconds} s").format(seconds=seconds)


def age(seconds: float) -> str:
    """How old something is: tenths below ten seconds, then whole seconds, minutes, hours."""
    if round(seconds, 1) < 10:
        return tr("{seconds} s").format(seconds=decimal(seconds))
    if round(seconds) < 120:
        return tr("{seconds} s").format(seconds=f"{seconds:.0f}")
    if seconds < 7200:
        return tr("{minutes} min").format(minutes=f"{seconds / 60:.0f}")
    return tr("{hours} h").format(hours=f"{seconds / 3600:.0f}")


def rough(milliseconds: int) -> str:
    """As far as it matters: `40 s`, `59 min`, `1 h 05 min`."""
    if milliseconds < 60_000:
        return tr("{seconds} s").format(seconds=max(0, milliseconds) // 1000)
    hours, minutes = divmod(milliseconds // 60_000, 60)
    if not hours:
        return tr("{minutes} min").format(minutes=minutes)
    return tr("{hours} h {minutes} min").format(hours=hours, minutes=f"{minutes:02d}")


def spoken(seconds: int) -> str:
    """`4 minutes 12 seconds`, `1 hour 5 minutes`: the two greatest units, as the user's language says them."""
    amounts: tuple[tuple[times.Unit, int], ...] = (
        *(("hour", seconds // 3600), ("minute", seconds // 60 % 60), ("second", seconds % 60)),
    )
    named = [times.unit_words(count, unit) for unit, count in amounts if count]
    if len(named) < 2:
        return named[0] if named else times.unit_words(0, "second")
    return tr_in("an amount of time in two units", "{greater} {smaller}").format(greater=named[0], smaller=named[1])
