"""Short news at the foot of the table: what became of an order, perhaps with a button that takes it back."""

from typing import Final, Literal

from msgspec import Struct

from moderator.desktop.orders.intents import Intent

Tone = Literal["done", "info", "problem"]
SIGNS: Final[dict[Tone, tuple[str, str]]] = {
    "done": ("circle-check", "live"),
    "info": ("info", "info"),
    "problem": ("circle-alert", "critical"),
}
"""The icon of each, and its colour."""


class Result(Struct, frozen=True):
    """What became of one of several wishes."""

    tone: Tone
    text: str


class Notice(Struct, frozen=True, kw_only=True):
    """A sentence, and at most one thing to do about it."""

    tone: Tone
    text: str
    action: str = ""
    """What the button says; empty for none."""
    intents: tuple[Intent, ...] = ()
    """What the button does."""
    undo: tuple[Intent, ...] = ()
    """What takes back what was done, for a while; the button may be that, or something else."""
    again: tuple[Intent, ...] = ()
    """What is still open, as it was sent or would be sent: it did not get through, or a question comes first."""
    results: tuple[Result, ...] = ()
    """Of several wishes that did not all work out: each of them, those first that did not."""
    asks: bool = False
    """The button answers yes to a question; so does the same key once more."""
    in_passing: bool = False
    """What can still be undone comes back after it, and stays what is undone next."""
    key: str = ""
    """A later notice with the same key takes this one's place."""


def failure_sentence(words: str, why: str, **names: object) -> str:
    """`Could not extend cardio-14: the gateway cannot be reached.` The words, already translated, have a place for
    `why` before their full stop.
    """
    return words.format(why=why.strip().rstrip("."), **names)
