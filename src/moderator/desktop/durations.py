"""Durations as the window words them. Pure."""


def amount(seconds: int, *, signed: bool = False) -> str:
    """`5 min`, `1 h 30 min`, `30 s`, `1 min 30 s`; with `signed` a plus or minus sign in front."""
    sign = ("+" if seconds >= 0 else "\u2212") if signed else ""
    minutes, rest_s = divmod(abs(seconds), 60)
    hours, rest_min = divmod(minutes, 60)
    parts = [f"{hours} h" if hours else "", f"{rest_min} min" if rest_min else "", f"{rest_s} s" if rest_s else ""]
    return sign + (" ".join(part for part in parts if part) or "0 s")


def step(milliseconds: int) -> str:
    """The label of the button that extends: `+5` for whole minutes, `+30 s` otherwise."""
    seconds = milliseconds // 1000
    return f"+{seconds // 60}" if seconds % 60 == 0 and seconds else f"+{seconds} s"


def age(seconds: float) -> str:
    """How old something is: tenths below ten seconds, then whole seconds, minutes, hours."""
    if round(seconds, 1) < 10:
        return f"{seconds:.1f} s"
    if round(seconds) < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"
