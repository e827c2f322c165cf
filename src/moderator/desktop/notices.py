"""What the window tells in passing: the outcome of a command, with what can be done about it. Pure."""

from typing import Literal

from msgspec import Struct

from moderator.desktop.intents import Intent

Tone = Literal["done", "info", "problem"]


class Notice(Struct, frozen=True, kw_only=True):
    """A sentence, and at most one thing to do about it."""

    tone: Tone
    text: str
    action: str = ""
    """What the button says; empty for none."""
    intents: tuple[Intent, ...] = ()
    """What the button does."""
    key: str = ""
    """A later notice with the same key takes this one's place."""


def failure_sentence(what: str, why: str) -> str:
    """`Could not extend cardio-14: the gateway cannot be reached.`"""
    reason = why.strip().rstrip(".")
    return f"Could not {what}: {reason}."
