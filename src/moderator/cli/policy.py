"""`moderator policy report`: what policies that only observe would have done, as tables or as JSON."""

import asyncio
import sys
from argparse import Namespace
from datetime import UTC, datetime
from typing import Final

import msgspec

from moderator.cli.connection import connection
from moderator.client.reports import Reports
from moderator.client.texts import safe, table
from moderator.feed.policy_report import PolicyReport, RanOut, WouldBe

ACTIONS_HEAD: Final = ("TIME", "ROOM", "SOURCE", "POLICY", "REASON", "WHO", "WOULD")
TOTALS_HEAD: Final = ("POLICY", "REASON", "COUNT")
LIMITS_HEAD: Final = ("TIME", "ROOM", "SOURCE", "TIME LIMIT", "PEOPLE", "WOULD")


def policy(arguments: Namespace) -> int:
    """Print the report."""
    found = asyncio.run(_ask(arguments))
    if arguments.json:
        print(msgspec.json.encode(found).decode())
    elif found.actions or found.time_limits:
        print("\n".join(lines(found)))
    else:
        print("moderator: there is nothing that policies would have done", file=sys.stderr)
    return 0


async def _ask(arguments: Namespace) -> PolicyReport:
    async with connection(arguments) as at:
        return await Reports(*at).policy(arguments.hours)


def lines(found: PolicyReport) -> list[str]:
    """What would have been done, how often for which reason, and time limits that ended nothing. Safe to print."""
    tables: list[list[tuple[str, ...]]] = [
        [ACTIONS_HEAD, *map(_action, found.actions)],
        [TOTALS_HEAD, *((safe(one.policy), safe(one.reason), str(one.count)) for one in found.totals)],
        [LIMITS_HEAD, *map(_time_limit, found.time_limits)],
    ]
    shown = [table(rows) for rows in tables if len(rows) > 1]
    return [line for number, block in enumerate(shown) for line in (("", *block) if number else block)]


def _action(one: WouldBe) -> tuple[str, ...]:
    room, who = safe(one.room_name), safe(one.user or one.participant)
    return (_time(one.at), room, safe(one.source), safe(one.policy), safe(one.reason), who, one.would)


def _time_limit(one: RanOut) -> tuple[str, ...]:
    limit = f"version {one.deadline_version}"
    return (_time(one.at), safe(one.room_name), safe(one.source), limit, str(one.people), one.would)


def _time(at_ms: int) -> str:
    """The local day and time: a report may be of several days."""
    return f"{datetime.fromtimestamp(at_ms / 1000, tz=UTC).astimezone():%Y-%m-%d %H:%M:%S}"
