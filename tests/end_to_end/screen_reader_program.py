"""A program that meets other programs as a screen reader does: over AT-SPI, by role and accessible name alone.

Run by the system's own Python, for which Debian packages `pyatspi`. Each line on stdin is a JSON array: `find` or `do`
(the control's first action), a role, and a regular expression that has to match the whole name. The answer is a line of
JSON: the names found, in order; for `do` the name of what was used. It knows nothing of ours.
"""

import importlib
import json
import re
import sys
from collections.abc import Iterator
from typing import Any

MOST_CHILDREN = 400
atspi: Any = importlib.import_module("pyatspi")
GONE: Any = (LookupError, NotImplementedError, importlib.import_module("gi.repository.GLib").GError)
"""What is raised for something that went away while it was looked at, or that cannot be used."""


def walk(found: Any) -> Iterator[Any]:
    """Everything that is on the screen, from outside to inside."""
    try:
        states = found.getState()
        if found.getRoleName() != "application" and not states.contains(atspi.STATE_SHOWING):
            return
        children = [found.getChildAtIndex(number) for number in range(min(found.childCount, MOST_CHILDREN))]
    except GONE:
        return
    yield found
    for child in children:
        if child is not None:
            yield from walk(child)


def matching(role: str, name: str) -> list[Any]:
    """What has this role and this name."""
    programs = [program for program in atspi.Registry.getDesktop(0) if program is not None]
    return [one for program in programs for one in walk(program) if is_called(one, role, name)]


def is_called(found: Any, role: str, name: str) -> bool:
    try:
        return found.getRoleName() == role and re.fullmatch(name, found.name) is not None
    except GONE:
        return False


def use(found: Any) -> str:
    """Do what the control does; what is selected already stays so. Raises LookupError where it is off."""
    states, name = found.getState(), str(found.name)
    action = found.queryAction()
    if not states.contains(atspi.STATE_ENABLED) or action.nActions == 0:
        raise LookupError(name)
    if not states.contains(atspi.STATE_SELECTED):
        action.doAction(0)
    return name


def answer(what: str, role: str, name: str) -> object:
    try:
        found = matching(role, name)
        return [use(found[0])] if what == "do" and found else [str(one.name) for one in found]
    except GONE:
        return []


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(*json.loads(line))) + "\n")
        sys.stdout.flush()
