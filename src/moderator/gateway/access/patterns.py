"""Patterns of rooms in tokens: globs on `SOURCE/ROOM`, as the shell has them, but `*` goes over slashes too. Pure."""

from fnmatch import fnmatchcase
from typing import Final

EVERYTHING: Final = "*"
_WILD: Final = frozenset("*?[")


def covers(pattern: str, other: str) -> bool:
    """Whether everything that `other` matches is matched by `pattern` too.

    Where that cannot be told at a glance the answer is no: somebody is granted less, never more.
    """
    if pattern in (EVERYTHING, other):
        return True
    if not _WILD & set(other):
        return fnmatchcase(other, pattern)
    # A wildcard of `other` is taken as a character here: only `*` may stand for it, and a set is no such character.
    simple = not {"?", "["} & set(pattern) and "[" not in other
    return simple and fnmatchcase(other, pattern)
