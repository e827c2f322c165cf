"""`moderator duty`: go on duty, off it, hand it over, or see who is on it."""

import asyncio
from argparse import Namespace
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from moderator.cli.connection import connection
from moderator.client.duty import DutyClient
from moderator.client.texts import safe
from moderator.feed.duty import OnDuty

_ORDERS: Final[dict[str, Callable[[DutyClient], Awaitable[OnDuty]]]] = {
    "on": DutyClient.begin,
    "off": DutyClient.end,
    "list": DutyClient.who,
}


def duty(arguments: Namespace) -> int:
    """Do as asked, and print who is on duty then."""

    async def run() -> OnDuty:
        async with connection(arguments) as at:
            client = DutyClient(*at)
            if arguments.action == "off" and arguments.to:
                return await client.hand_over(arguments.to)
            return await _ORDERS[arguments.action](client)

    found = asyncio.run(run())
    names = ", ".join(f"{one.name} ({one.id})" if one.name not in ("", one.id) else one.id for one in found.on_duty)
    print(msgspec.json.encode(found).decode() if arguments.json else safe(f"on duty: {names or 'nobody'}"))
    return 0
