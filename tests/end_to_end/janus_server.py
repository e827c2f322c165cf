"""Runs a real Janus as a child process and administers its rooms for the tests (async).
Nothing here imports the product: what a test asks of the gateway it must not get from here."""

import asyncio
import random
import shutil
import signal
import socket
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import IO, Any, Self

import httpx

from tests.end_to_end import janus_config
from tests.end_to_end.janus_config import Settings, Webhooks

__all__ = ["JanusRefusedError", "JanusServer", "Webhooks", "why_no_janus"]

RoomId = str | int
UserId = str | int


class JanusRefusedError(Exception):
    """Janus answered with an error; `code` is the core's or the plugin's."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code


def why_no_janus() -> str | None:
    """What keeps this machine from running Janus, in words for a person; None when it can."""
    if shutil.which("janus") is None or janus_config.library() is None:
        return "Janus is not installed (Debian package janus)"
    return None


class JanusServer:
    """One Janus with its own ports, secrets and configuration, which survive `stop` and `kill` for the next `start`."""

    def __init__(
        self,
        folder: Path,
        *,
        webhooks: Webhooks | None = None,
        string_ids: bool = True,
        session_timeout: int = 60,
        server_name: str = "janus-test",
        ports: tuple[int, int, int] | None = None,
    ) -> None:
        http_port, websocket_port, admin_port = ports or free_ports()
        self.settings = Settings(
            http_port=http_port,
            websocket_port=websocket_port,
            admin_port=admin_port,
            string_ids=string_ids,
            session_timeout=session_timeout,
            server_name=server_name,
            webhooks=webhooks,
        )
        self.webhooks = webhooks
        self.api_secret = self.settings.api_secret
        self.admin_secret = self.settings.admin_secret
        self.admin_key = self.settings.admin_key
        self.room_secret = token_hex()
        self.base_url = f"http://127.0.0.1:{http_port}/janus"
        self.websocket_url = f"ws://127.0.0.1:{websocket_port}"
        self.admin_url = f"http://127.0.0.1:{admin_port}/admin"
        self.log = folder / "janus.log"
        self._config = folder / "config"
        self._process: subprocess.Popen[bytes] | None = None
        self._output: IO[bytes] | None = None

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    # The process

    async def start(self) -> Self:
        """Returns when Janus answers. It runs in the network namespace of the calling thread."""
        if self._process is not None:
            raise RuntimeError("this Janus is already running")
        if not self._config.exists():  # a second start must find the permanent rooms that Janus itself wrote here
            self._write_config()
        self._output = self.log.open("ab")
        self._process = subprocess.Popen(
            ["janus", f"--configs-folder={self._config}", "--disable-colors"],
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
        )
        await self._wait_until_it_answers(self._process)
        return self

    async def stop(self) -> None:
        """SIGTERM: Janus says goodbye in webhooks before it exits. Nothing to do when it is not running."""
        await self._end(signal.SIGTERM)

    async def kill(self) -> None:
        """SIGKILL: no goodbye, and rooms are lost unless permanent."""
        await self._end(signal.SIGKILL)

    async def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            # Undelivered webhooks keep a Janus that was asked politely waiting.
            await asyncio.to_thread(process.wait, 5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if self._output is not None:
            self._output.close()

    def _write_config(self) -> None:
        modules = janus_config.library()
        if modules is None:
            raise FileNotFoundError("no Janus modules under /usr/lib: install Debian's package janus")
        self._config.mkdir(parents=True)
        for name, text in janus_config.files(self._config, modules, self.settings).items():
            (self._config / name).write_text(text, encoding="utf-8")

    async def _wait_until_it_answers(self, process: subprocess.Popen[bytes]) -> None:
        async with httpx.AsyncClient(timeout=1, trust_env=False) as http:
            for _ in range(500):
                if process.poll() is not None:
                    raise RuntimeError(f"Janus exited with {process.returncode}:\n{self._last_words()}")
                with suppress(httpx.TransportError):
                    await http.get(f"{self.base_url}/info")
                    return
                await asyncio.sleep(0.02)
        raise TimeoutError(f"Janus did not answer:\n{self._last_words()}")

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])

    # Administration

    async def create_room(
        self,
        room: RoomId,
        *,
        allowed: Sequence[str] | None = None,
        require_pvtid: bool = True,
        publishers: int = 6,
        secret: str | None = None,
        permanent: bool = False,
    ) -> None:
        """`allowed`: the tokens that may join; None leaves the list off. `secret`: else the server's `room_secret`."""
        request: dict[str, Any] = {
            "request": "create",
            "room": room,
            "admin_key": self.admin_key,
            "secret": secret or self.room_secret,
            "description": f"Room {room}",
            "publishers": publishers,
            "require_pvtid": require_pvtid,
            "permanent": permanent,
        }
        if allowed is not None:
            request["allowed"] = list(allowed)
        await self.videoroom(request)

    async def destroy_room(self, room: RoomId, *, secret: str | None = None) -> None:
        await self.videoroom({"request": "destroy", "room": room, "secret": secret or self.room_secret})

    async def list_rooms(self) -> list[dict[str, Any]]:
        answer = await self.videoroom({"request": "list", "admin_key": self.admin_key})
        return list(answer["list"])

    async def list_participants(self, room: RoomId) -> list[dict[str, Any]]:
        """Who joined as a publisher; those who only watch are not in it."""
        answer = await self.videoroom({"request": "listparticipants", "room": room})
        return list(answer["participants"])

    async def kick(self, room: RoomId, user: UserId, *, secret: str | None = None) -> None:
        """A bare kick, which is not a disconnect: the gateway has to do better."""
        await self.videoroom({"request": "kick", "room": room, "id": user, "secret": secret or self.room_secret})

    async def custom_event(self, schema: str, data: object) -> None:
        """Comes back as a webhook of type 4."""
        await self.admin({"janus": "custom_event", "schema": schema, "data": data})

    async def sessions(self) -> list[int]:
        answer = await self.admin({"janus": "list_sessions"})
        return list(answer["sessions"])

    async def videoroom(self, request: dict[str, Any]) -> dict[str, Any]:
        """Any synchronous request to the VideoRoom plugin."""
        answer = await self.admin({"janus": "message_plugin", "plugin": "janus.plugin.videoroom", "request": request})
        response: dict[str, Any] = answer["response"]
        if "error_code" in response:
            raise JanusRefusedError(response["error_code"], response["error"])
        return response

    async def admin(self, request: dict[str, Any], path: str = "") -> dict[str, Any]:
        """Any request to the Admin API; `path` is "", "/<session>" or "/<session>/<handle>"."""
        body = {**request, "transaction": token_hex(6), "admin_secret": self.admin_secret}
        async with httpx.AsyncClient(timeout=5, trust_env=False) as http:
            answer: dict[str, Any] = (await http.post(self.admin_url + path, json=body)).json()
        if answer["janus"] == "error":  # with HTTP status 200, like every answer
            raise JanusRefusedError(answer["error"]["code"], answer["error"]["reason"])
        return answer


def free_ports() -> tuple[int, int, int]:
    """Below the range of outgoing connections: one of those could take a port before its server does."""
    ports: list[int] = []
    for port in random.sample(range(20_000, 32_000), 200):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            ports.append(port)
        if len(ports) == 3:
            return ports[0], ports[1], ports[2]
    raise AssertionError("no three free ports among 200 tried")
