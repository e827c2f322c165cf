"""The hashes that show whether the log was changed: of an entry, of a text beside it, of a checkpoint. Pure.

Every hash is SHA-256 in hexadecimal. Salts are random, so that a hash tells nothing about what may have been hashed:
a text can be taken out, and nobody can find it again by trying.
"""

import os
from collections import deque
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from moderator.domain.accounting import Leaf

SALT_BYTES: Final = 16
_SALTS_AT_A_TIME: Final = 256
_salts: Final[deque[bytes]] = deque()
_NUMBER_BYTES: Final = 8


def new_salt() -> bytes:
    """Bytes that nobody can guess.

    Drawn many at a time: every call to the system lets another thread go first, and the log's writer would take each
    entry by itself instead of many together.
    """
    while True:
        try:
            return _salts.popleft()
        except IndexError:
            drawn = os.urandom(SALT_BYTES * _SALTS_AT_A_TIME)
            _salts.extend(drawn[start : start + SALT_BYTES] for start in range(0, len(drawn), SALT_BYTES))


def leaf_hash(salt: bytes, seq: int, body: bytes) -> str:
    """Of an entry at its place: `salt`, `seq` in 8 bytes, the body as it is stored."""
    return sha256(salt + seq.to_bytes(_NUMBER_BYTES, "big", signed=True) + body).hexdigest()


def commitment(salt: bytes, value: bytes) -> str:
    """Of a personal text; it stands in the entry."""
    return sha256(salt + value).hexdigest()


def head_hash(previous: str, leaves: Iterable[Leaf]) -> str:
    """Of a checkpoint: the head before it, then of each leaf `seq` in 8 bytes and its hash."""
    digest = sha256(previous.encode())
    for leaf in leaves:
        digest.update(leaf.seq.to_bytes(_NUMBER_BYTES, "big", signed=True))
        digest.update(leaf.hash.encode())
    return digest.hexdigest()
