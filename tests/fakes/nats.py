"""A real NATS server with JetStream for the tests; where it can't be had the test is skipped, with the reason. It is
Debian's, the oldest that will do; three newer ones as a cluster are in `nats_cluster`.

Nothing here imports the product.
"""

import contextlib
import json
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

import pytest

from tests.end_to_end.janus_server import free_ports

USER: Final = "moderator"
STARTS_S: Final = 30
"""A cluster has to elect who leads, which takes it some seconds."""
STOPS_S: Final = 15
_straight: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def program() -> str | None:
    """Debian keeps it where only root looks."""
    return shutil.which("nats-server") or shutil.which("nats-server", path="/usr/sbin:/usr/local/bin")


def why_no_nats() -> str | None:
    """What keeps this machine from running a server, in words for a person; None when it can."""
    return None if program() else "NATS is not installed (Debian package nats-server)"


class NatsServer:
    """One server. Its ports, password and data survive `kill` and `stop` for the next `start`."""

    def __init__(self, folder: Path, name: str = "nats", password: str = "", executable: str | None = None) -> None:
        """`executable`: another one than Debian's."""
        self.name = name
        self._executable = executable or program()
        self.port, self._monitoring_port, self.route_port = free_ports()
        self.address = f"nats://127.0.0.1:{self.port}"
        self.user, self.password = USER, password or token_hex()
        self.data = folder / name
        self.log = folder / f"{name}.log"
        self._config = folder / f"{name}.json"
        self._process: subprocess.Popen[bytes] | None = None
        self.configure({})

    def configure(self, more: Mapping[str, Any]) -> None:
        """Write the configuration; `more` are further keys of it. Passwords are not for everybody who can list
        processes.
        """
        settings = {
            "server_name": self.name,
            "listen": f"127.0.0.1:{self.port}",
            "http": f"127.0.0.1:{self._monitoring_port}",
            # Without limits it would take most of the disk and of the memory.
            "jetstream": {"store_dir": str(self.data), "max_mem": 64 << 20, "max_file": 1 << 30},
            "authorization": {"user": self.user, "password": self.password},
            **more,
        }
        self._config.touch(0o600)
        self._config.write_text(json.dumps(settings), "utf-8")

    def launch(self) -> None:
        """Start it and do not wait."""
        assert self._executable is not None
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._executable, "-c", self._config], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )

    def start(self) -> None:
        """Returns when it answers."""
        self.launch()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Until it answers."""
        give_up_at = time.monotonic() + STARTS_S
        while not self.is_healthy():
            assert self._process is not None, "it was never started"
            if self._process.poll() is not None or time.monotonic() > give_up_at:
                raise AssertionError(f"NATS did not start:\n{self.last_words()}")
            time.sleep(0.01)

    def is_healthy(self) -> bool:
        """Whether it runs and has JetStream. Whether it has what others have is another question, which version 2.9
        answers wrong by its `healthz`: it goes on to miss consumers that nobody needs any more.
        """
        try:
            return bool(self.ask("healthz?js-enabled=true") == {"status": "ok"})
        except OSError:
            return False

    def followers(self) -> int:
        """How many others have all that this one has, when it leads the cluster."""
        replicas = self.ask("jsz").get("meta_cluster", {}).get("replicas") or ()
        return sum(bool(one.get("current")) for one in replicas)

    def streams(self) -> dict[str, tuple[int, str]]:
        """Where each stream ends here, and which server leads it as far as this one knows."""
        try:
            accounts = self.ask("jsz?streams=true&acc=$G").get("account_details") or ()
        except OSError:
            return {}
        found = [stream for account in accounts for stream in account.get("stream_detail") or ()]
        return {one["name"]: (one["state"]["last_seq"], one.get("cluster", {}).get("leader", "")) for one in found}

    def ask(self, path: str) -> Any:
        """What it tells of itself. Raises OSError."""
        with _straight.open(f"http://127.0.0.1:{self._monitoring_port}/{path}", timeout=5) as answer:
            return json.load(answer)

    def kill(self) -> None:
        """SIGKILL. Nothing to do when it is not running."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """As an operator stops it: it finishes what it writes, and hands over what it leads."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(how)
            process.wait(STOPS_S)

    def last_words(self) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-20:])


@contextlib.contextmanager
def running_nats() -> Iterator[NatsServer]:
    """A server alone, until the end of the block."""
    with own_folder() as folder:
        server = NatsServer(folder)
        try:
            server.start()
            yield server
        finally:
            server.kill()


@contextlib.contextmanager
def own_folder() -> Iterator[Path]:
    """A folder for what servers keep, until the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix="moderator-nats-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def nats() -> Iterator[NatsServer]:
    """One server for all tests; import this into the `conftest.py` of those who need it."""
    if reason := why_no_nats():
        pytest.skip(reason)
    with running_nats() as server:
        yield server


@pytest.fixture
def own_nats() -> Iterator[NatsServer]:
    """A server for this test alone, which may kill it."""
    if reason := why_no_nats():
        pytest.skip(reason)
    with running_nats() as server:
        yield server
