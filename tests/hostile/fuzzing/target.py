"""What is tried: something that reads what comes from outside, and says what must hold."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from msgspec import Struct

_VALUES: Final = re.compile(r"'[^']*'?|\"[^\"]*\"?|`\$.*|\d+")
Signs = Iterable[str]
"""What came of an input, in words that tell one outcome from another."""


class Target(Struct, frozen=True):
    """Something that reads what comes from outside."""

    name: str
    samples: Callable[[], Sequence[bytes]]
    """Good inputs."""
    check: Callable[[bytes], Signs]
    """Reads one input. Raises AssertionError, or whatever it is, for what must not be."""
    grows: bool = False
    """Whether large inputs are tried too."""


def without_values(error: object) -> str:
    """An error's words without what they quote, so that the same error is the same sign."""
    return _VALUES.sub("", str(error))[:80]


def must(holds: bool, otherwise: str) -> None:
    """Raises AssertionError with what is wrong."""
    assert holds, otherwise
