"""Finding secrets where they do not belong."""

import contextlib
import logging
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote, quote_plus

LONG_ENOUGH: Final = 8
"""Shorter lines of a secret may be anything."""


def leaked(text: str, secrets: Iterable[str]) -> bool:
    """Whether any of the secrets, or a line of one, stands in the text: as it is, or as addresses write it."""
    return any(form in text for secret in secrets for line in _lines(secret) for form in _forms(line))


def words_of(error: BaseException | None) -> str:
    """All that an error, and those behind it, would show in a log."""
    words: list[str] = []
    while error is not None and len(words) < 50:
        words.append(f"{error} {error!r} {error.__dict__}")
        error = error.__cause__ or error.__context__
    return "\n".join(words)


@contextlib.contextmanager
def overheard(lines: list[str]) -> Iterator[None]:
    """Adds everything that is logged meanwhile, at any level, by whomever."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    root.handlers = [_Listener(lines, handlers, level)]
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.setLevel(level)
        root.handlers = handlers


class _Listener(logging.Handler):
    """Those who listened before go on hearing what they did."""

    def __init__(self, lines: list[str], others: list[logging.Handler], level: int) -> None:
        super().__init__(logging.DEBUG)
        self._lines = lines
        self._others = others
        self._their_level = level

    def emit(self, record: logging.LogRecord) -> None:
        for other in self._others:
            if record.levelno >= max(self._their_level, other.level):
                other.handle(record)
        self._lines.append(f"{record.getMessage()} {words_of(record.exc_info[1] if record.exc_info else None)}")


def _lines(secret: str) -> list[str]:
    """A private key is as secret line by line, but for its first and last."""
    lines = [line for line in secret.splitlines() if not line.startswith("-----")]
    return [line for line in lines if len(line) >= LONG_ENOUGH] or [secret]


def _forms(line: str) -> set[str]:
    return {line, quote(line, safe=""), quote(line), quote_plus(line), repr(line)[1:-1]}
