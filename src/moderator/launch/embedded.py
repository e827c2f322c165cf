"""The gateway of who runs `moderator` alone: a supervised child on loopback, which the user's windows share.

The first window owns it; others attach, and one of them goes on with it when the owner ends. The address, the key and
so the token stay the same through all of that: an open window looks for it nowhere else, and sends its token there, so
the owner keeps the listening socket and hands it down to each child. Only a start, when no window of ours is on it yet,
moves away from a port that is taken. Secrets go to the child by pipe, and the token comes back by pipe.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from secrets import token_hex
from typing import Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from moderator.client.commands import GatewayClient
from moderator.client.errors import GatewayError
from moderator.client.tokens import FixedToken
from moderator.clock import Clock
from moderator.http import HttpClient
from moderator.language import tr
from moderator.launch.child import Child, NotStarted
from moderator.launch.keeping import port_of
from moderator.launch.ports import HOST, free_port
from moderator.launch.restarts import Restarts
from moderator.launch.sharing import OwnerLock, Shared, SharedFile
from moderator.launch.status import ChildStatus, GatewayAccess

ATTACH_S: Final = 30.0
"""How long to wait for a gateway that another window is starting."""
BACKLOG: Final = 128
LOOK_S: Final = 0.5
"""How often to look whether the owner is still there."""
ANSWER_S: Final = 2.0
LEFT_BEHIND_TRIES: Final = 3
RUNNING: Final = ChildStatus("running", "")


class EmbeddedGateway:
    """The gateway for one configuration file; a file that is not there means no sources.

    It is on loopback, whatever the file's `gateway.host` says: at `gateway.port` where that stands in the file, since
    what reports to it has to find it again, else at a port that is chosen here.
    """

    def __init__(
        self, config: Path, folder: Path, clock: Clock, *, name: str = "you", secrets: Mapping[str, str] | None = None
    ) -> None:
        """`folder` is for the journal; `secrets` is what `{ pipe = NAME }` stands for in the configuration."""
        self._config = config
        self._folder = folder
        self._clock = clock
        self._name = name
        self._secrets = dict(secrets or {})
        self._lock = OwnerLock(folder)
        self._file = SharedFile(folder)
        self._shared: Shared | None = None
        self._child: Child | None = None
        self._listener: socket.socket | None = None
        self._attached = False
        """It is another window's child."""
        self._launching = asyncio.Lock()
        self._renewing = False
        """It was ended to be started again."""
        self._wanted = False
        """Nobody has stopped it."""

    @property
    def pid(self) -> int | None:
        """Of the child; None while there is none, or it is another window's."""
        return self._child.pid if self._child else None

    async def start(self) -> GatewayAccess:
        """Start it, or attach to the one that runs already. Raises OSError with a sentence when it cannot run."""
        self._wanted = True
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            why = tr("{file} cannot be written: {why}")
            raise NotStarted(why.format(file=self._folder, why=error.strerror or error)) from error
        shared = await self._own_or_attach(may_move=True)
        return GatewayAccess(shared.url, shared.token)

    async def run(self, changed: Callable[[ChildStatus], None]) -> None:
        """Keep it running until it is stopped: restart it when it ends, and say how it is.

        Returns as well when it has been given up; called again, it tries again.
        """
        self._wanted = True
        restarts, began = Restarts(), self._clock.monotonic()
        if self._child is not None or self._attached:
            changed(RUNNING)
            why = await self._end()
        else:
            why = await self._again(changed)
        while self._wanted and (pause_s := self._pause_s(restarts, self._clock.monotonic() - began)) is not None:
            if pause_s:
                ended = tr("the gateway ended and is started again: {why}").format(why=why)
                changed(ChildStatus("restarting", ended))
                await self._pause(pause_s)
            began = self._clock.monotonic()
            why = await self._again(changed)
        if self._wanted:
            await self._put_down()
            given_up = tr("the gateway ended again and again, and stays off: {why}")
            changed(ChildStatus("failed", given_up.format(why=why)))

    async def restart(self) -> bool:
        """Have it read its configuration again, at the same address and with the same token.

        False when it is another window's, which alone can do that. Where none runs, the next start reads it.
        """
        async with self._launching:  # one that is just starting may have read the file as it was
            if self._child is not None:
                self._renewing = True
                await self._child.stop()
            return not self._attached

    def _pause_s(self, restarts: Restarts, ran_s: float) -> float | None:
        """Seconds until the next start; None: no more."""
        renewing, self._renewing = self._renewing, False
        return 0 if renewing else restarts.pause_s(ran_s)

    async def stop(self) -> None:
        """End it if it is ours; returns when it has ended. `run` then returns, if it was not cancelled before."""
        self._wanted = False
        await self._put_down()
        self._let_port_go()

    async def _put_down(self) -> None:
        child, self._child, self._attached = self._child, None, False
        if child is not None:
            await child.stop()
            self._file.remove()
        self._lock.release()

    # --- one life --------------------------------------------------------------------------------------------------

    async def _again(self, changed: Callable[[ChildStatus], None]) -> str:
        """One more life of it; returns why it ended."""
        if not self._wanted:
            return tr("it was stopped")
        try:
            await self._own_or_attach(may_move=False)
        except OSError as error:
            return str(error)
        changed(RUNNING)
        return await self._end()

    async def _end(self) -> str:
        """Wait until it has ended; returns why."""
        if (child := self._child) is not None:
            await child.ended()
            await child.stop()
            return child.why()
        while self._wanted and not self._lock.take():
            await self._pause(LOOK_S)
        self._attached = False
        return tr("the window that it belonged to was closed")

    async def _own_or_attach(self, *, may_move: bool) -> Shared:
        """Whichever is possible. Raises OSError with a sentence."""
        if not self._lock.take() and (found := await self._attach()) is not None:
            return found
        async with self._launching:
            try:
                self._shared = await self._launch(may_move=may_move)
                self._file.write(self._shared)
            except BaseException:
                await self._put_down()
                raise
            return self._shared

    async def _attach(self) -> Shared | None:
        """Another window's gateway, when it answers; None: the lock came free, and is ours now. Raises NotStarted."""
        give_up_at = self._clock.monotonic() + ATTACH_S
        # On a thread, and once: reading the system's certificates takes longer than a window may stand still.
        async with await asyncio.to_thread(HttpClient) as http:
            while not self._lock.take():
                shared = self._file.read()
                if shared is not None and await _answers(shared, http):
                    self._shared, self._attached = shared, True
                    return shared
                if self._clock.monotonic() > give_up_at:
                    why = tr("another window has the gateway in {folder}, but it does not answer: close it")
                    raise NotStarted(why.format(folder=self._folder))
                await self._pause(LOOK_S)
        return None

    async def _launch(self, *, may_move: bool) -> Shared:
        """Where it was before, if it was: other windows, and links, still look for it there."""
        before = self._shared or self._file.read()
        if before is None:
            return await self._launch_as(None)
        if not may_move:
            return await self._launch_as(before)
        for _ in range(LEFT_BEHIND_TRIES):  # its owner was killed perhaps, and it is still about to end
            with contextlib.suppress(NotStarted):
                return await self._launch_as(before)
            await self._pause(LOOK_S)
        return await self._launch_as(None)

    async def _launch_as(self, before: Shared | None) -> Shared:
        key = before.key if before else token_hex(32)
        port = (urlsplit(before.url).port if before else None) or port_of(self._config) or free_port()
        words = ["gateway", "--embedded", "--config", str(self._config), "--host", HOST, "--port", str(port)]
        inherits = self._hold_port(port)
        words += [f"--listener={number}" for number in inherits]
        handed = {"key": key, "name": self._name, "log": str(self._folder / "moderator.db"), "secrets": self._secrets}
        log = self._folder / "gateway.log"
        self._child = await Child.start("moderator", words, handed, log, inherits=inherits)
        ready = msgspec.convert(self._child.ready, _Ready)
        return Shared(ready.url, before.token if before else ready.token, key)

    def _hold_port(self, port: int) -> list[int]:
        """Keep the port ours through all restarts: the windows send their token to whoever listens there.

        Returns the descriptor to hand down, or nothing on systems where that is not possible. Raises NotStarted.
        """
        if os.name != "posix":
            return []
        if self._listener is None or self._listener.getsockname()[1] != port:
            self._let_port_go()
            try:
                self._listener = socket.create_server((HOST, port), backlog=BACKLOG)
            except OSError as error:
                raise NotStarted(self._taken(port, error)) from error
        return [self._listener.fileno()]

    def _taken(self, port: int, error: OSError) -> str:
        """That the port cannot be had; and where to choose another, if that is where it comes from."""
        words = tr("cannot listen on {host} port {port}: {why}")
        if port == port_of(self._config):
            words = tr("cannot listen on {host} port {port}: {why}: choose another gateway.port in {file}")
        return words.format(host=HOST, port=port, why=error.strerror or error, file=self._config)

    def _let_port_go(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.close()

    async def _pause(self, seconds: float) -> None:
        await self._clock.wait(asyncio.Event(), seconds)


class _Ready(Struct, frozen=True):
    url: str
    token: str

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.url!r})"


async def _answers(shared: Shared, http: HttpClient) -> bool:
    """Whether a gateway is there that takes the token."""
    with contextlib.suppress(GatewayError, TimeoutError):
        async with asyncio.timeout(ANSWER_S):
            await GatewayClient(shared.url, FixedToken(shared.token), http).me()
            return True
    return False
