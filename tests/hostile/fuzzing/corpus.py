"""Inputs that are kept, one file each: those that reach what no sample does, and those that once showed a fault."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tests.hostile.fuzzing.reached import Reached
from tests.hostile.fuzzing.target import Target

FOLDER: Final = Path(__file__).parents[2] / "data" / "corpus"
CRASH: Final = "crash-"
MAX_BYTES: Final = 6 * 1024
"""Of an input that is kept."""
MAX_TOTAL_BYTES: Final = 20 * 1024
"""Of a target."""


def kept(target: str) -> list[Path]:
    """The files of a target."""
    return sorted((FOLDER / target).glob("*"))


def keep(target: Target, pool: Sequence[bytes]) -> None:
    """Make the corpus anew, of what is there and of what a run found: the shortest inputs first, and only those that
    reach something more.
    """
    wanted = {_name(body): body for body in _needed(target, pool)}
    for path in kept(target.name):
        if not path.name.startswith(CRASH) and path.name not in wanted:
            path.unlink()
    for name, body in wanted.items():
        _write(target.name, name, body)


def keep_crash(target: str, body: bytes) -> Path:
    """What showed a fault, to be tried for good: until it is mended, the tests fail."""
    return _write(target, CRASH + _name(body), body)


def _needed(target: Target, pool: Sequence[bytes]) -> Iterator[bytes]:
    reached, total = Reached(), 0
    for body in target.samples():
        reached.by(target, body)
    for body in sorted(set(pool), key=lambda one: (len(one), one)):
        fits = len(body) <= MAX_BYTES and total + len(body) <= MAX_TOTAL_BYTES
        if fits and reached.by(target, body):
            total += len(body)
            yield body


def _write(target: str, name: str, body: bytes) -> Path:
    folder = FOLDER / target
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(body)
    return path


def _name(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=6).hexdigest()
