"""A mail server that hangs, or never comes to an end, keeps nobody waiting but the message for it."""

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Literal

import pytest

from moderator.gateway.configuration.sections import NotifyEmailSection
from moderator.gateway.escalation import mail_server
from moderator.gateway.escalation.channels import EmailChannel, NotSent
from moderator.tasks import TaskScope
from tests.fakes.clock import FakeClock
from tests.fakes.notified import mailing
from tests.gateway.escalation.test_channels import ALERT

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def hangs(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def drips(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"220-wait a moment\r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def bad_server(serve: Serve) -> AsyncIterator[int]:
    served: list[asyncio.StreamWriter] = []

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(writer)
        with contextlib.suppress(OSError):
            await serve(reader, writer)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        served.remove(writer)

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        for _ in range(10):  # whoever has connected is served by then; asyncio loses who is accepted as it closes
            await asyncio.sleep(0)
        server.close()
        async with asyncio.timeout(20):
            while served:  # until whoever talks to it has gone
                await asyncio.sleep(0.005)


def channel(port: int, security: Literal["none", "tls"] = "none") -> EmailChannel:
    section = NotifyEmailSection(
        host="127.0.0.1", port=port, sender="a@b.example", to=("c@d.example",), security=security
    )
    return EmailChannel(section, FakeClock())


def talking() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == "mail"]


async def nobody_talks() -> None:
    async with asyncio.timeout(20):
        while talking():
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("serve", [hangs, drips])
async def test_there_is_one_limit_for_the_whole_conversation(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_server, "WHOLE_S", 0.2)
    async with bad_server(serve) as port:
        with pytest.raises(NotSent, match="did not answer in time"):
            await channel(port).send(ALERT)
        await nobody_talks()


async def test_many_messages_take_one_thread_and_none_of_anybody_elses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_server, "WHOLE_S", 0.5)
    async with bad_server(drips) as port:
        to = channel(port)
        async with TaskScope() as tasks:
            sending = [tasks.start("send", failing(to)) for _ in range(60)]
            await asyncio.sleep(0.1)
            assert len(talking()) == 1
            assert await asyncio.to_thread(lambda: "a thread of the pool") == "a thread of the pool"
            await asyncio.gather(*sending)
    await nobody_talks()


async def failing(to: EmailChannel) -> None:
    with pytest.raises(NotSent):
        await to.send(ALERT)


async def test_who_stops_waits_for_no_server() -> None:
    async with bad_server(drips) as port, asyncio.timeout(60):
        async with TaskScope() as tasks:
            sending = tasks.start("send", failing(channel(port)))
            while not talking():
                await asyncio.sleep(0.005)
            sending.cancel()
        await nobody_talks()


@pytest.mark.parametrize("security", ["none", "tls"])
async def test_what_is_given_up_before_it_is_connected_ends_as_well(
    monkeypatch: pytest.MonkeyPatch, security: Literal["none", "tls"]
) -> None:
    """Nothing is there to be cut yet, and a server that drips would keep the thread for good."""
    connect, may_connect = socket.create_connection, threading.Event()

    def connects_late(address: tuple[str, int], *rest: Any) -> socket.socket:
        may_connect.wait()
        return connect(address, *rest)

    monkeypatch.setattr(socket, "create_connection", connects_late)
    if security == "tls":  # the handshake is not what this is about
        monkeypatch.setattr(ssl.SSLContext, "wrap_socket", lambda _self, raw, **_: raw)
    async with bad_server(drips) as port, asyncio.timeout(60):
        async with TaskScope() as tasks:
            sending = tasks.start("send", failing(channel(port, security)))
            while not talking():
                await asyncio.sleep(0.005)
            sending.cancel()
        may_connect.set()
        await nobody_talks()


async def test_a_server_that_recovers_gets_the_next_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_server, "WHOLE_S", 0.2)
    async with mailing() as mail:
        to = channel(mail.port)
        async with bad_server(hangs) as port:
            with pytest.raises(NotSent):
                await channel(port).send(ALERT)
        monkeypatch.setattr(mail_server, "WHOLE_S", 5.0)
        assert await to.send(ALERT) == "1 by e-mail"
        assert await to.send(ALERT) == "1 by e-mail"
