"""Runs one command and turns what comes of it into a status: 0 done, 1 refused or failed, 2 usage, 130 interrupted."""

import contextlib
import importlib
import io
import os
import sys
import warnings
from argparse import Namespace
from collections.abc import Callable, Sequence
from typing import Final

from moderator.cli.arguments import parser
from moderator.cli.failures import DONE, FAILED, INTERRUPTED, Failure
from moderator.client.texts import safe

_HELP: Final = frozenset({"-h", "--help", "--version"})
_HANDLERS: Final = {
    "desktop": ("window", "desktop"),
    "demo": ("demo", "demo"),
    "gateway": ("service", "gateway"),
    "check": ("service", "check"),
    "token": ("service", "token"),
    "replay": ("replaying", "replay"),
    "watch": ("watching", "watch"),
    "rooms": ("listing", "rooms"),
    "extend": ("ordering", "extend"),
    "disconnect": ("ordering", "disconnect"),
    "readmit": ("ordering", "readmit"),
    "mute": ("ordering", "mute"),
    "message": ("ordering", "message"),
    "end": ("ordering", "end"),
    "policy": ("policy", "policy"),
    "lock": ("ordering", "lock"),
    "unlock": ("ordering", "unlock"),
    "allow": ("ordering", "allow"),
    "claim": ("ordering", "claim"),
    "release": ("ordering", "release"),
    "acknowledge": ("ordering", "acknowledge"),
    "hold": ("ordering", "hold"),
    "resume": ("ordering", "resume"),
    "appointments": ("appointments", "appointments"),
    "duty": ("duty", "duty"),
    "login": ("signing_in", "login"),
    "logout": ("signing_in", "logout"),
    "approve": ("access", "approve"),
    "deny": ("access", "deny"),
    "revoke": ("access", "revoke"),
    "audit": ("audit", "audit"),
    "backup": ("backup", "backup"),
}
"""The module and function of each command; imported when it is run, so that each starts quickly."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line; returns the exit status. `--help` and usage errors raise SystemExit, as in argparse."""
    words = list(sys.argv[1:] if argv is None else argv)
    _write_what_the_terminal_can()
    _say_short_keys_our_own_way()
    if not words or (words[0].startswith("-") and words[0] not in _HELP):
        words.insert(0, "desktop")
    arguments = parser().parse_args(words)
    try:
        status = handler(arguments.command)(arguments)
        sys.stdout.flush()
        return status
    except Failure as failure:
        return _failed(str(failure), failure.status)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _discard_output()
        return DONE
    except Exception as error:  # people get a sentence; who wants the traceback sets the variable
        if os.environ.get("MODERATOR_DEBUG"):
            raise
        return _failed(
            f"this should not happen: {type(error).__name__}: {error} (MODERATOR_DEBUG=1 shows where)", FAILED
        )


def handler(command: str) -> Callable[[Namespace], int]:
    """The function that carries a command out; it returns the exit status."""
    module, function = _HANDLERS[command]
    found: Callable[[Namespace], int] = getattr(importlib.import_module(f"moderator.cli.{module}"), function)
    return found


def _failed(why: str, status: int) -> int:
    with contextlib.suppress(BrokenPipeError):
        print(f"moderator: {safe(' '.join(why.split()))}", file=sys.stderr)
    return status


def _write_what_the_terminal_can() -> None:
    """A name that this terminal has no letters for is written with escapes; it does not end the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _say_short_keys_our_own_way() -> None:
    """`moderator check` says in its words when a platform's secret is short; the library would at every request."""
    warnings.filterwarnings("ignore", message="The HMAC key is .* below the minimum", category=UserWarning)


def _discard_output() -> None:
    """Nobody reads standard output any more: what is left in its buffer must not fail at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
