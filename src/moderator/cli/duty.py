"""`moderator duty`: go on duty, off it, hand it over, or see who is on it."""

import asyncio
import contextlib
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from moderator.cli.connection import Connection, connection
from moderator.client.commands import GatewayClient
from moderator.client.duty import DutyClient
from moderator.client.errors import Forbidden
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
                return await _hand_over(at, arguments.to)
            return await _ORDERS[arguments.action](client)

    found = asyncio.run(run())
    names = ", ".join(f"{one.name} ({one.id})" if one.name not in ("", one.id) else one.id for one in found.on_duty)
    print(msgspec.json.encode(found).decode() if arguments.json else safe(f"on duty: {names or 'nobody'}"))
    return 0


async def _hand_over(at: Connection, moderator: str) -> OnDuty:
    """The gateway takes any id, also of somebody who signs in later: a slip leaves nobody watching, so it is said."""
    known = await _known(at)
    found = await DutyClient(*at).hand_over(moderator, known.get(moderator, ""))
    if moderator not in known:
        print(
            f"moderator: nobody who is on duty or looks after a room has the id {safe(moderator)}; "
            "if that is a slip, `moderator duty on` takes the duty back",
            file=sys.stderr,
        )
    return found


async def _known(at: Connection) -> dict[str, str]:
    """The moderators that can be seen, name by id: on duty, or looking after a room."""
    people = list((await DutyClient(*at).who()).on_duty)
    with contextlib.suppress(Forbidden):  # who may watch may not see the rooms
        people += [room.owner for room in (await GatewayClient(*at).rooms()).rooms if room.owner]
    return {one.id: one.name for one in people}
