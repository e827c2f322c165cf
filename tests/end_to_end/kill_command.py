"""The command line of what kills something again and again."""

import argparse
import asyncio
import random
import sys
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

Say = Callable[[str], object]
Kill = Callable[[Path, int, Say], Coroutine[Any, Any, list[str]]]
"""In this folder, so many rounds; returns what was found wrong."""


def run(kill: Kill, description: str | None, well: str) -> int:
    """Kill as often as the command line says, and say what was found, or else `well`; returns the exit status."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    _say(f"seed {arguments.seed}")
    with tempfile.TemporaryDirectory() as folder:
        problems = asyncio.run(kill(Path(folder), arguments.rounds, _say))
    for problem in problems:
        _say(f"WRONG: {problem}")
    _say(f"{len(problems)} problems" if problems else well)
    return bool(problems)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
