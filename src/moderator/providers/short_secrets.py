"""Secrets that sign, and are too short to do it well: a word for `check`. How they sign is the providers' business."""

from typing import Final

from moderator.providers.provider import Finding

LONG_ENOUGH: Final = 32
"""Bytes, for SHA-256: whoever sees one signature by a shorter one may find it by trying."""
COPIED: Final = f"was it copied whole? Fewer than {LONG_ENOUGH} may be found by trying."


def short_secret(key: str, secret: str, advice: str = COPIED) -> list[Finding]:
    """What to say of the secret in the option `key`; nothing when it is long enough, or not there. Never an error."""
    length = len(secret.encode())
    if not secret or length >= LONG_ENOUGH:
        return []
    return [Finding(True, f"{key} has {length} characters: {advice}", todo=True)]
