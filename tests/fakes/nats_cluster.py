"""Three NATS servers that share their streams, and the ways between them, which can be cut.

They are newer than Debian's: version 2.9 is not sound when a server that leads is cut off.
"""

import contextlib
import itertools
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from tests.fakes.nats import STARTS_S, USER, NatsServer, own_folder
from tests.fakes.tcp_link import TcpLink

NOWHERE: Final = "127.0.0.1:1"
_INSTALL: Final = Path(__file__).parents[2] / "scripts" / "install-nats"


def sound_program() -> str:
    """Where `scripts/install-nats` puts the server."""
    answer = subprocess.run([_INSTALL, "--path"], check=True, capture_output=True, text=True)
    return answer.stdout.strip()


def why_no_cluster() -> str | None:
    """What keeps this machine from running one, in words for a person; None when it can."""
    if os.access(sound_program(), os.X_OK):
        return None
    why = "" if shutil.which("go") else "; there is no Go"
    return f"no NATS for a cluster: scripts/install-nats builds it with Go, or says why it can't{why}"


class NatsCluster:
    """Three servers that know each other; from any two of them the way between can be cut."""

    def __init__(self, folder: Path, executable: str) -> None:
        password, between = token_hex(), token_hex()
        names = (f"n{one}" for one in range(3))
        self.nodes: Sequence[NatsServer] = [NatsServer(folder, name, password, executable) for name in names]
        self.user, self.password = USER, password
        self.address = ",".join(node.address for node in self.nodes)
        pairs = itertools.permutations(self.nodes, 2)
        self._links = {(node.name, other.name): TcpLink(other.route_port) for node, other in pairs}
        for node in self.nodes:
            node.configure({"cluster": self._cluster(node, between)})

    def _cluster(self, node: NatsServer, password: str) -> Mapping[str, Any]:
        ports = [link.port for (dialling, _), link in self._links.items() if dialling == node.name]
        return {
            "name": "school",
            "listen": f"127.0.0.1:{node.route_port}",
            "advertise": NOWHERE,  # or they would find ways of their own around the links
            "authorization": {"user": "route", "password": password},
            "routes": [f"nats-route://route:{password}@127.0.0.1:{port}" for port in ports],
        }

    def start(self) -> None:
        """Returns when all of them answer, and one leads all others."""
        for node in self.nodes:
            node.launch()
        with ThreadPoolExecutor() as pool:
            list(pool.map(NatsServer.wait_until_ready, self.nodes))
        give_up_at = time.monotonic() + STARTS_S
        while not any(node.followers() == len(self.nodes) - 1 for node in self.nodes):
            assert time.monotonic() < give_up_at, f"nobody leads:\n{self.nodes[0].last_words()}"
            time.sleep(0.05)

    def wait_until_current(self, node: NatsServer) -> None:
        """Until this one has what the others had just now, and all streams are led by somebody."""
        others = [other.streams() for other in self.nodes if other is not node]
        wanted = {name: max(one[name][0] for one in others if name in one) for one in others for name in one}
        give_up_at = time.monotonic() + STARTS_S
        while not all(_is_current(node.streams(), name, seq) for name, seq in wanted.items()):
            if time.monotonic() > give_up_at:
                raise AssertionError(f"{node.name} is behind: {node.streams()}, not {wanted}:\n{node.last_words()}")
            time.sleep(0.05)

    def leader(self, stream: str) -> NatsServer:
        """Who leads a stream now; waits until somebody does."""
        give_up_at = time.monotonic() + STARTS_S
        while time.monotonic() < give_up_at:
            said = [node.streams().get(stream, (0, ""))[1] for node in self.nodes]
            for node in self.nodes:
                if said.count(node.name) > 1:
                    return node
            time.sleep(0.05)
        raise AssertionError(f"nobody leads {stream}")

    def isolate(self, node: NatsServer) -> None:
        """Cut it off from the others; clients still reach it."""
        for names, link in self._links.items():
            if node.name in names:
                link.cut()

    def mend(self) -> None:
        """Everybody reaches everybody again."""
        for link in self._links.values():
            link.mend()

    def close(self) -> None:
        """Nothing of it is left running."""
        for node in self.nodes:
            node.kill()
        for link in self._links.values():
            link.close()


def _is_current(streams: Mapping[str, tuple[int, str]], name: str, seq: int) -> bool:
    last_seq, leader = streams.get(name, (0, ""))
    return last_seq >= seq and leader != ""


@contextlib.contextmanager
def running_cluster(executable: str = "") -> Iterator[NatsCluster]:
    """Three servers, until the end of the block; of another program than the sound one if it is named."""
    with own_folder() as folder:
        cluster = NatsCluster(folder, executable or sound_program())
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.close()
