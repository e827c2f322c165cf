"""Whether a gateway answers at an address that somebody typed. Loaded with the network's libraries."""

import asyncio

from moderator.client.commands import GatewayClient
from moderator.client.errors import Forbidden, GatewayError, SignedOut
from moderator.client.tokens import FixedToken
from moderator.http import HttpClient


async def why_no_gateway(url: str) -> str:
    """A sentence where none answers; empty where one does, which it shows by asking who we are."""
    async with await asyncio.to_thread(HttpClient) as http:
        try:
            await GatewayClient(url, FixedToken(""), http).me()
        except (SignedOut, Forbidden):
            return ""
        except GatewayError as error:
            return str(error)
    return ""
