"""What people type, shown at the end of a command's --help."""

import argparse
import textwrap
from typing import Final

WIDTH: Final = 78
EXAMPLES: Final[dict[str, tuple[str, ...]]] = {
    "appointments": (
        "moderator appointments import plan.csv --source clinic --type visit --dry-run",
        "moderator appointments import calendar.ics --source clinic --names summary",
        "moderator appointments list --source clinic",
        "moderator appointments withdraw appt-17 --source clinic",
    ),
    "audit": (
        "moderator audit export --format csv --from 2026-11-01 --to 2026-12-01 -o november.csv",
        "moderator audit verify --config moderator.toml",
        "moderator audit verify --log copy-of-moderator.db --anchor heads.jsonl",
        "moderator audit erase u-17 --source clinic",
    ),
    "backup": ("moderator backup --config moderator.toml moderator-2026-11-21.db",),
    "policy": ("moderator policy report", "moderator policy report --hours 168 --json"),
    "hold": ('moderator hold --reason "the clinic tests its cameras"', "moderator resume"),
    "acknowledge": ("moderator acknowledge clinic/appt-17",),
    "duty": ("moderator duty on", "moderator duty off --to zoe"),
    "login": (
        "moderator login --gateway https://moderation.example.org",
        "moderator login --gateway http://127.0.0.1:8765 --token-file mine.token --again",
    ),
}
"""By command; those that are not here say enough without."""


def show_examples(command: argparse.ArgumentParser, name: str) -> None:
    """Add those of the command to its help, below what stands there."""
    lines = EXAMPLES.get(name)
    if lines is None:
        return
    before = [textwrap.fill(command.epilog, WIDTH), ""] if command.epilog else []
    command.epilog = "\n".join([*before, "examples:", *(f"  {line}" for line in lines)])
    command.formatter_class = argparse.RawDescriptionHelpFormatter
