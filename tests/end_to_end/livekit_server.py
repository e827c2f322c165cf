"""Runs a real LiveKit server as a child process, on loopback only.
Nothing here imports the product: what a test asks of the gateway it must not get from here."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any, Literal

import httpx
from livekit.api import AccessToken, VideoGrants

from tests.end_to_end.janus_server import free_ports

_INSTALL = Path(__file__).parents[2] / "scripts" / "install-livekit"
API_KEY = "APItest"

Kind = Literal["standard", "agent"]


def why_no_livekit() -> str | None:
    """What keeps this machine from running LiveKit, in words for a person; None when it can."""
    try:
        if os.access(program(), os.X_OK):
            return None
    except (OSError, subprocess.CalledProcessError) as error:
        return f"no LiveKit server: {error}"
    why = "" if shutil.which("go") else "; there is no Go"
    return f"no LiveKit server: scripts/install-livekit builds it with Go 1.26, or says why it can't{why}"


def program() -> Path:
    """Where `scripts/install-livekit` puts the server."""
    answer = subprocess.run([_INSTALL, "--path"], check=True, capture_output=True, text=True)
    return Path(answer.stdout.strip())


class LiveKitServer:
    """One LiveKit with its own ports and secret. It posts its webhooks to one address."""

    def __init__(self, folder: Path, webhook_url: str) -> None:
        self._http_port, self._udp_port, dead_port = free_ports()
        self.api_secret = token_hex()
        self.base_url = f"http://127.0.0.1:{self._http_port}"
        self.websocket_url = f"ws://127.0.0.1:{self._http_port}"
        self.log = folder / "livekit.log"
        self._config = folder / "livekit.json"
        self._config.write_text(json.dumps(self._settings(webhook_url, dead_port)), encoding="utf-8")
        self._process: subprocess.Popen[bytes] | None = None

    def _settings(self, webhook_url: str, dead_port: int) -> dict[str, Any]:
        return {
            "port": self._http_port,
            "bind_addresses": ["127.0.0.1"],
            "keys": {API_KEY: self.api_secret},
            "rtc": {
                "udp_port": self._udp_port,
                "tcp_port": 0,
                "use_external_ip": False,
                "node_ip": "127.0.0.1",
                "enable_loopback_candidate": True,
                "interfaces": {"includes": ["lo"]},
                # Without any, participants would be told to ask public ones.
                "stun_servers": [f"127.0.0.1:{dead_port}"],
            },
            "webhook": {"api_key": API_KEY, "urls": [webhook_url]},
            # Of webhooks it says which came to nothing, and why.
            "logging": {"level": "warn", "component_levels": {"webhook": "info"}, "json": True},
        }

    def token(
        self, room: str, identity: str, *, name: str = "", kind: Kind = "standard", hidden: bool | None = None
    ) -> str:
        """What lets somebody in, for an hour, as often as they like."""
        grants = VideoGrants(room_join=True, room=room, hidden=hidden)
        token = AccessToken(API_KEY, self.api_secret).with_identity(identity).with_name(name).with_grants(grants)
        return token.with_kind(kind).with_ttl(timedelta(hours=1)).to_jwt()

    def webhooks(self, message: str, room: str) -> list[str]:
        """The events, and whom they are about, of which the server's own log says `message`: "sent webhook", "failed to
        send webhook" (five tries came to nothing) or "dropped webhook" (it waited for over 30 s behind such a one)."""
        entries = [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines() if line[:1] == "{"]
        said = [one for one in entries if one["msg"] == message and one.get("room") == room]
        return [f"{one['event']} {one.get('participant', '')}".strip() for one in said]

    def start(self) -> None:
        """Returns when LiveKit answers."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [program(), "--config", self._config],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        for _ in range(500):
            if self._process.poll() is not None:
                raise RuntimeError(f"LiveKit exited with {self._process.returncode}:\n{self.last_words()}")
            with suppress(httpx.TransportError):
                httpx.get(self.base_url, timeout=1, trust_env=False)
                return
            time.sleep(0.02)
        raise TimeoutError(f"LiveKit did not answer:\n{self.last_words()}")

    def stop(self) -> None:
        """SIGKILL: asked politely it waits for its rooms to become empty. Nothing to do when it is not running."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGKILL)
            process.wait()

    def last_words(self) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])


@contextmanager
def running_livekit(folder: Path, webhook_url: str) -> Iterator[LiveKitServer]:
    """A server that answers, and is gone afterwards in any case."""
    server = LiveKitServer(folder, webhook_url)
    try:
        server.start()
        yield server
    finally:
        server.stop()
