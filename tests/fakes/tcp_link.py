"""A way between programs that a test can cut: bytes are neither lost nor refused, they just don't arrive. That is what
a broken network is like: nobody is told, and what was under way arrives when it is mended.

With several programs at its end it is what stands before servers that share a load.
"""

import contextlib
import socket
import threading
from collections import deque

_AT_ONCE = 256 * 1024


class TcpLink:
    """Listens on a port of its own and carries everything to another one, both ways. In threads: a test that works on
    something must not make the network slow.
    """

    def __init__(self, *target_ports: int) -> None:
        """Of several ports each connection has one, in turn, as long as somebody listens there."""
        self._target_ports = deque(target_ports)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._is_whole = threading.Event()
        self._is_whole.set()
        self._sockets: set[socket.socket] = set()
        threading.Thread(target=self._accept, name="link", daemon=True).start()

    def cut(self) -> None:
        """Nothing arrives any more."""
        self._is_whole.clear()

    def mend(self) -> None:
        """Everything arrives, also what was held up."""
        self._is_whole.set()

    def close(self) -> None:
        """Break off every connection, and take no more."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._is_whole.set()
        for one in tuple(self._sockets):
            _break_off(one)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # the listener was closed
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        self._is_whole.wait()
        far = self._reached()
        if far is None:
            near.close()
            return
        for one in (near, far):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sockets |= {near, far}
        back = threading.Thread(target=self._carry, args=(far, near), daemon=True)
        back.start()
        self._carry(near, far)
        back.join()
        self._sockets -= {near, far}
        near.close()
        far.close()

    def _reached(self) -> socket.socket | None:
        """The first that takes a connection, beginning after the one that took the last."""
        self._target_ports.rotate(-1)
        for port in tuple(self._target_ports):
            with contextlib.suppress(OSError):
                found = socket.create_connection(("127.0.0.1", port), 5)
                found.settimeout(None)
                return found
        return None

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        """Until one of the two ends; then both do."""
        with contextlib.suppress(OSError):
            while data := source.recv(_AT_ONCE):
                self._is_whole.wait()
                target.sendall(data)
        _break_off(source)
        _break_off(target)


def _break_off(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
