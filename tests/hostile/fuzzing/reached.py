"""What an input reaches: pairs of the package's lines that run one after the other, and what the target says of it."""

import sys
from pathlib import Path
from types import FrameType
from typing import Any, Final

import moderator
from tests.hostile.fuzzing.target import Target

INSIDE: Final = str(Path(moderator.__file__).parent)


class Reached:
    """Grows as inputs are tried."""

    def __init__(self) -> None:
        self.known: set[object] = set()
        self._arcs: set[tuple[int, int, int]] = set()

    def by(self, target: Target, body: bytes) -> int:
        """How much of what this input reaches is new. Raises what the check raises."""
        self._arcs = set()
        before = sys.gettrace()
        sys.settrace(self._call)
        try:
            signs = list(target.check(body))
        finally:
            sys.settrace(before)
        new = {*self._arcs, *signs} - self.known
        self.known |= new
        return len(new)

    def _call(self, frame: FrameType, event: str, argument: object) -> Any:
        if not frame.f_code.co_filename.startswith(INSIDE):
            return None
        arcs, code, last = self._arcs, id(frame.f_code), 0

        def line(frame: FrameType, event: str, argument: object) -> Any:
            nonlocal last
            if event == "line":
                arcs.add((code, last, frame.f_lineno))
                last = frame.f_lineno
            return line

        return line
