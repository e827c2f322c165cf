"""How a command ends when it does not succeed. Everything else that can go wrong is turned into one of these."""

from typing import Final

DONE: Final = 0
FAILED: Final = 1
USAGE: Final = 2
INTERRUPTED: Final = 130


class Failure(Exception):
    """The command was refused or failed. The message is the one line for standard error; it holds no secret."""

    status = FAILED


class UsageError(Failure):
    """The command was not given what it needs, or something that cannot be."""

    status = USAGE


def refused(error: OSError) -> Failure:
    """What the system does not let us do, and with which file."""
    about = f": {error.filename}" if error.filename is not None and error.strerror else ""
    return Failure(f"the system refuses: {error.strerror or error}{about}")
