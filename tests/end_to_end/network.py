"""Moves the calling thread into a private network where real media can flow, and back.
What runs inside (servers, participants, the gateway) is not this module's business."""

import ctypes
import functools
import os
import platform
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ADDRESS = "10.77.0.1"

_CLONE_NEWNET = 0x40000000
_THREAD_NAMESPACE = Path("/proc/thread-self/ns/net")

# Janus, aiortc and Chromium never use a loopback interface for media, and not every kernel has the "dummy" type: a pair
# of virtual ends that lead only to each other does. A link-local address would be one more ICE candidate to fail.
_BRING_UP = (
    "link set lo up",
    "link add media0 type veth peer name media1",
    "link set media0 addrgenmode none",
    "link set media1 addrgenmode none",
    f"addr add {ADDRESS}/24 dev media0",
    "link set media0 up",
    "link set media1 up",
)


@contextmanager
def media_namespace() -> Iterator[str]:
    """A fresh network for this thread and for every thread and process that it starts; yields the address for media.

    Sockets opened before stay in the network they were opened in, and so do threads started before.
    """
    home = os.open(_THREAD_NAMESPACE, os.O_RDONLY)
    try:
        _call("unshare", _CLONE_NEWNET)
        try:
            _bring_up()
            yield ADDRESS
        finally:
            _call("setns", home, _CLONE_NEWNET)
    finally:
        os.close(home)


@functools.cache
def why_no_media() -> str | None:
    """What keeps this process from `media_namespace`, in words for a person; None when it works."""
    if platform.system() != "Linux":
        return "private networks need Linux"
    if os.geteuid() != 0:
        return "a private network needs root"
    if shutil.which("ip") is None:
        return "the `ip` command is missing (Debian package iproute2)"
    return _refusal()


def _refusal() -> str | None:
    """Tries it in a thread of its own, so that a failure half-way cannot strand the caller."""
    refusals: list[str] = []

    def attempt() -> None:
        try:
            with media_namespace():
                pass
        except (OSError, subprocess.CalledProcessError) as error:
            output = getattr(error, "stderr", None)
            refusals.append(f"no private network here: {error} {output or ''}".strip())

    thread = threading.Thread(target=attempt)
    thread.start()
    thread.join()
    return refusals[0] if refusals else None


def _bring_up() -> None:
    for arguments in _BRING_UP:
        subprocess.run(["ip", *arguments.split()], check=True, capture_output=True, text=True)


def _call(function: str, *arguments: int) -> None:
    """Calls libc: Python has os.unshare and os.setns only from 3.12 on."""
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, function)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{function}: {os.strerror(number)}")
