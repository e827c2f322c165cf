"""Moments, and the two forms in which the platform writes them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, Literal

import msgspec

Form = Literal["rfc3339", "ns"]

BELOW_MS: Final = 187_951
"""Nanoseconds that every moment has on top: the platform's clock is finer than ours, and readers have to cope."""


class At:
    """A moment in a body that is to be encoded."""

    __slots__ = ("ms",)

    def __init__(self, ms: int) -> None:
        """Milliseconds since the epoch."""
        self.ms = ms


def encode(body: Any, form: Form) -> bytes:
    """JSON, with every moment in this form."""
    return msgspec.json.encode(body, enc_hook=_FORMS[form])


def _nanoseconds(moment: Any) -> int:
    ms: int = moment.ms
    return ms * 1_000_000 + BELOW_MS


def _text(moment: Any) -> str:
    seconds, ms = divmod(moment.ms, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{ms * 1_000_000 + BELOW_MS:09}Z"


_FORMS: Final[dict[Form, Callable[[Any], Any]]] = {"rfc3339": _text, "ns": _nanoseconds}
