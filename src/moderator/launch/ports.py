"""Where on this computer our own servers listen: loopback, on a port that they can have again after a restart."""

import random
import socket
from contextlib import suppress
from typing import Final

from moderator.language import tr
from moderator.launch.child import NotStarted

HOST: Final = "127.0.0.1"
PORTS: Final = range(20_000, 32_000)
"""Below what systems give to outgoing connections: one of those could take the port of a server that is away."""


def free_port() -> int:
    """A port that nobody has at the moment. Raises NotStarted when there seems to be none."""
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """So many different ones. Raises NotStarted."""
    found: list[int] = []
    for port in random.sample(PORTS, 100):
        with suppress(OSError), socket.create_server((HOST, port)):
            found.append(port)
        if len(found) == count:
            return found
    none = tr("there is no free port between {first} and {last} on this computer")
    raise NotStarted(none.format(first=PORTS[0], last=PORTS[-1]))
