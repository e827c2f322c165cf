"""How much chance there has to be in a secret key, whatever it signs or hides."""

from typing import Final

MIN_KEY_BYTES: Final = 32
"""As many as SHA-256 has: a shorter key would be guessed sooner than the hash is broken."""


def is_long_enough(key: str) -> bool:
    """Whether nobody guesses it, if it was made at random."""
    return len(key.encode()) >= MIN_KEY_BYTES
