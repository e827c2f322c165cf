"""A command line about rooms, against a gateway that answers as told."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from moderator.cli import main
from moderator.domain.rooms import Deadline, Limits, Person, Room
from tests.client.scripted_gateway import Act, ScriptedGateway, answer, scripted
from tests.fakes.builders import DAY, an_entry, folded, joined, room_started, the_room

BASE = the_room(folded(an_entry(room_started(DAY, name="cardio"), joined("p1", DAY, user="u1", name="Bill"))))
TOKEN = "a-token-nobody-may-see"


def room(name: str, *, ends_at: int | None = None, **members: Any) -> Room:
    deadline = None if ends_at is None else Deadline(ends_at=ends_at, version=3, kept_by="gateway")
    return replace(BASE, **{"room": f"id-{name}", "name": name, "deadline": deadline, **members})


LIMITS = Limits(
    max_people=2,
    duration_ms=1,
    starts="first_join",
    resume_within_ms=1,
    warn_ms=(),
    extension_step_ms=1,
    on_expiry="alert",
    mode="enforce",
)
NINA = replace(BASE.participants[0], id="p9", user="u9", name="Nina", state="left")
ROOMS = [
    room("open", participants=(*BASE.participants, NINA)),
    room("old", ends_at=DAY - 999, state="ended"),
    room("late", ends_at=DAY + 299_999, limits=LIMITS),
    room("over", ends_at=DAY - 61_000, owner=Person("m1", "Maya\x1b")),
]
LISTED = answer(200, {"seq": 1, "now": DAY, "rooms": [msgspec.to_builtins(one) for one in ROOMS], "sources": []})


class Ran:
    """What a command line did."""

    def __init__(self, status: int, gateway: ScriptedGateway) -> None:
        self.status = status
        self.requests = gateway.requests


async def run(token_file: Path, words: list[str], *acts: Act) -> Ran:
    """`main` runs on a thread: it has its own loop."""
    async with scripted(*acts) as gateway:
        where = ["--gateway", gateway.url, "--token-file", str(token_file)]
        return Ran(await asyncio.to_thread(main, [words[0], *where, *words[1:]]), gateway)
