"""How the keys of moderator tokens are written: one a line. Pure; what is done with them says `access.keys`."""

from typing import Final

from moderator.domain.key_strength import MIN_KEY_BYTES, is_long_enough

MAX_KEYS: Final = 8
"""Every one of them may have to be tried for a token, so there are few."""


def key_lines(text: str) -> tuple[str, ...]:
    """The keys in a text, one a line, the one that signs first. Raises ValueError with a sentence that holds none."""
    lines = tuple(line.strip() for line in text.splitlines() if line.strip())
    if not lines:
        raise ValueError(f"there is no key: write one of at least {MIN_KEY_BYTES} random bytes")
    if len(lines) > MAX_KEYS:
        raise ValueError(f"there are more than {MAX_KEYS} keys: remove those that no valid token was signed with")
    for number, line in enumerate(lines, start=1):
        if not is_long_enough(line):
            which = "the key" if len(lines) == 1 else f"key {number}"
            raise ValueError(f"{which} is shorter than {MIN_KEY_BYTES} bytes: make a longer one at random")
    return lines
