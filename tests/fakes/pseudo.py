"""A language that nobody speaks: every text of ours is marked and longer by a quarter, so that what is not translated,
or does not fit once it is, can be found.
"""

from gettext import NullTranslations
from typing import Final

BEGIN, END = "\N{MATHEMATICAL LEFT WHITE SQUARE BRACKET}", "\N{MATHEMATICAL RIGHT WHITE SQUARE BRACKET}"
_LETTERS: Final = str.maketrans("aeiounAEIOUN", "åéîøüñÅÉÎØÜÑ")


def pseudo(text: str) -> str:
    """The text in this language; placeholders stay as they are, and so does what has no letter in it."""
    if not any(map(str.isalpha, text)):
        return text
    parts = [part for part in text.replace("{", "\0{").replace("}", "}\0").split("\0") if part]
    said = "".join(part if part.startswith("{") else part.translate(_LETTERS) for part in parts)
    return f"{BEGIN}{said}{'~' * (len(text) // 4)}{END}"


class PseudoTranslations(NullTranslations):
    """Its catalogue."""

    def gettext(self, message: str) -> str:
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return pseudo(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return pseudo(message)
