"""Looking at other processes: whether they are there, and what everybody on the machine may read of them."""

import asyncio
from pathlib import Path


def is_there(pid: int) -> bool:
    """Whether it runs; a zombie does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


async def is_gone(pid: int, seconds: float = 30) -> bool:
    """Whether it ends soon."""
    for _ in range(round(seconds * 50)):
        if not is_there(pid):
            return True
        await asyncio.sleep(0.02)
    return False


def shown(pid: int) -> bytes:
    """What the system shows of a process to other programs."""
    return Path(f"/proc/{pid}/cmdline").read_bytes() + Path(f"/proc/{pid}/environ").read_bytes()


def children(pid: int) -> list[int]:
    """The processes that it started, oldest first. (Ids begin again at 1, so the lowest need not be the oldest.)"""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            members = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(members[1]) == pid:
            found.append((int(members[19]), int(stat.parent.name)))
    return [child for _, child in sorted(found)]
