"""What the gateway knows of an import before anything is sent: whether there is such a source. Which room types there
are, and what a room is booked for, it tells only when it refuses an appointment.
"""

import sys
from argparse import Namespace

from moderator.cli.connection import Connection, connection
from moderator.cli.failures import DONE, FAILED, Failure
from moderator.client.commands import GatewayClient
from moderator.client.errors import GatewayError
from moderator.client.texts import safe


async def check_plan(arguments: Namespace) -> int:
    """Say on standard error what was checked with the gateway and what was not; FAILED for a source that is not there.

    A dry run needs no gateway, so that none can be asked is no fault.
    """
    try:
        async with connection(arguments) as at:
            sources = await _sources(at)
    except Failure as error:
        print(f"moderator: not checked with the gateway: {safe(str(error))}", file=sys.stderr)
        return DONE
    if arguments.source not in sources:
        print(f"moderator: {_unknown(arguments.source, sources)}", file=sys.stderr)
        return FAILED
    print(
        f"moderator: the gateway has {arguments.source}; types and bookings it checks when they are sent",
        file=sys.stderr,
    )
    return DONE


async def no_such_source(at: Connection, source: str) -> str:
    """A sentence with the sources that there are, as far as this token may see them."""
    try:
        return _unknown(source, await _sources(at))
    except GatewayError:
        return _unknown(source, [])


async def _sources(at: Connection) -> list[str]:
    return [one.source for one in (await GatewayClient(*at).rooms()).sources]


def _unknown(source: str, known: list[str]) -> str:
    choice = f": choose one of {', '.join(known)}" if known else ""
    return safe(f"there is no source {source!r}, or your token may not see it{choice}")
