"""`moderator login` and `moderator logout`: the sign-in that the other commands and the window use."""

import asyncio
from argparse import Namespace
from urllib.parse import urlsplit

from moderator.cli.connection import TokenFile, address, failures, kept_sign_ins
from moderator.cli.failures import Failure
from moderator.client.account import Account
from moderator.client.commands import GatewayClient
from moderator.client.errors import SignedOut
from moderator.client.sign_in import DeviceCode
from moderator.client.texts import safe
from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.tasks import TaskScope


def login(arguments: Namespace) -> int:
    """Show a code and wait until it was approved, or keep the token of a file that the gateway takes."""
    url = address(arguments)
    token = TokenFile(arguments.token_file).current() if arguments.token_file else ""

    async def run() -> str:
        async with TaskScope() as tasks, HttpClient() as http:
            account = Account(url, http, kept_sign_ins(), SystemClock(), tasks)
            client = GatewayClient(url, account.session, http)
            if not arguments.again and (name := await _signed_in_as(account, client)):
                raise Failure(f"signed in at {_host(url)} already, as {name}; `moderator login --again` signs in anew")
            await (account.use_token(token) if token else account.sign_in(_show))
            me = await client.me()
            return f"signed in at {_host(url)} as {me.name}; this is kept {account.where}"

    with failures():
        print(safe(asyncio.run(run())))
    return 0


async def _signed_in_as(account: Account, client: GatewayClient) -> str:
    """The name under which the kept sign-in still counts; empty when there is none, or it counts no more."""
    try:
        return (await client.me()).name if await account.kept() else ""
    except SignedOut:
        return ""


def _show(code: DeviceCode) -> None:
    about_min = max(1, round(code.expires_in / 60))
    print(f"Open {safe(code.address)}; it says what to do with the code {safe(code.user_code)}")
    print(
        f"or read the code out to whoever manages access there: `moderator approve {safe(code.user_code)}`. "
        f"It counts for {about_min} min.",
        flush=True,
    )


def logout(arguments: Namespace) -> int:
    """End the session at the gateway and forget the sign-in; it is forgotten also while the gateway is away."""
    url = address(arguments)

    async def run() -> str:
        async with TaskScope() as tasks, HttpClient() as http:
            account = Account(url, http, kept_sign_ins(), SystemClock(), tasks)
            if await account.kept() is None:
                return f"nobody was signed in at {_host(url)}"
            if problem := await account.sign_out():
                raise Failure(f"the sign-in is forgotten here, but not everything could be ended: {problem}")
            return f"signed out at {_host(url)}"

    with failures():
        print(safe(asyncio.run(run())))
    return 0


def _host(url: str) -> str:
    return urlsplit(url).netloc
