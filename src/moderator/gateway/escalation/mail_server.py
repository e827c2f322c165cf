"""A mail server, and one conversation with it at a time: in a thread of its own, which nothing else waits for, and with
one limit for all of it. What is said there is made in `channels`.
"""

import asyncio
import contextlib
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any, Final

from moderator.gateway.configuration.sections import NotifyEmailSection

STEP_S: Final = 10.0
"""For each answer of the server."""
WHOLE_S: Final = 30.0
"""For the whole conversation, and for waiting until it is a message's turn: a server that says a line now and then
would go on for good.
"""


class MailServer:
    """Takes messages. A conversation that is given up is cut; until its thread has ended there is no other."""

    def __init__(self, section: NotifyEmailSection, tls: Callable[[], ssl.SSLContext]) -> None:
        self._section = section
        self._tls = tls
        self._turn = asyncio.Lock()
        self._last: _Conversation | None = None

    async def deliver(self, message: EmailMessage) -> None:
        """Every recipient has to be taken. Raises OSError, of which SMTPException and TimeoutError are some; ValueError
        for what cannot be sent in ASCII.
        """
        async with asyncio.timeout(WHOLE_S):
            async with self._turn:
                await self._converse(message)

    async def _converse(self, message: EmailMessage) -> None:
        if self._last is not None and self._last.is_going_on:
            self._last.cut()
            raise TimeoutError("a conversation before this one still hangs")
        conversation = _Conversation(self._section, self._tls)
        self._last = conversation
        try:
            await conversation.hold(message)
        finally:
            conversation.cut()


class _Conversation:
    """One, from the connection to its end. Not even a thread pool is shared: those that hang would fill it, and the
    program could not end.
    """

    def __init__(self, section: NotifyEmailSection, tls: Callable[[], ssl.SSLContext]) -> None:
        self._section = section
        self._tls = tls
        self._server: smtplib.SMTP | None = None
        self._is_cut = False
        self._thread: threading.Thread | None = None

    @property
    def is_going_on(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    async def hold(self, message: EmailMessage) -> None:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()

        def tell(error: Exception | None) -> None:
            if done.cancelled():
                return
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)

        def run() -> None:
            failed: Exception | None = None
            try:
                self._talk(message)
            except Exception as error:  # noqa: BLE001 - whatever it is belongs to who waits
                failed = error
            with contextlib.suppress(RuntimeError):  # nobody waits any more
                loop.call_soon_threadsafe(tell, failed)

        self._thread = threading.Thread(target=run, name="mail", daemon=True)
        self._thread.start()
        await done

    def cut(self) -> None:
        """Break the connection, so that the thread which reads from it comes to its end; where there is none yet, that
        ends as soon as there is one."""
        self._is_cut = True  # before the look at the connection: the thread does both the other way round
        connection = self._server.sock if self._server is not None else None
        if connection is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)  # TLS would want to take its leave first

    def _talk(self, message: EmailMessage) -> None:
        section = self._section
        with self._connected() as server:
            if section.security == "starttls":
                server.starttls(context=self._tls())
            if section.user:
                server.login(section.user, section.password)
            refused = server.send_message(message, section.sender, list(section.to))
        if refused:
            raise smtplib.SMTPRecipientsRefused(refused)

    def _connected(self) -> smtplib.SMTP:
        section = self._section
        if section.security == "tls":
            return _Encrypted(self._about_to_listen, section.host, section.port, timeout=STEP_S, context=self._tls())
        return _Plain(self._about_to_listen, section.host, section.port, timeout=STEP_S)

    def _about_to_listen(self, server: smtplib.SMTP) -> None:
        self._server = server
        if self._is_cut:
            server.close()
            raise ConnectionAbortedError("this was given up")


class _Plain(smtplib.SMTP):
    """Tells before it listens, first to the greeting, which is while it is made."""

    def __init__(self, listens: Callable[[smtplib.SMTP], None], host: str, port: int, **options: Any) -> None:
        self._listens = listens
        super().__init__(host, port, **options)

    def getreply(self) -> tuple[int, bytes]:
        self._listens(self)
        return super().getreply()


class _Encrypted(_Plain, smtplib.SMTP_SSL):
    """The same, with TLS from the first byte."""
