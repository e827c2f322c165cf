"""The command line: arguments, exit statuses, and what people read in a terminal. The work is done elsewhere."""

from moderator.cli.program import main

__all__ = ["main"]
