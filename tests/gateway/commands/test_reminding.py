"""The log is reminded of commands that are open for long, again and again until they are settled."""

from collections.abc import Collection
from pathlib import Path

import pytest

from moderator.domain.decided import Decided
from moderator.domain.ids import EventId
from moderator.domain.room_states import RoomState
from moderator.domain.rooms import Pending
from moderator.gateway.commands import reminding
from moderator.gateway.commands.reminding import OPEN_FOR_MS, overdue
from moderator.journal.event_log import LogError
from moderator.providers.errors import Unavailable
from tests.fakes.builders import DAY, ROOM, SOURCE, joined
from tests.fakes.gateway import GatewayInProcess, participant_path


def pending(id_: str, at: int) -> Pending:
    return Pending(command="disconnect", target="c1", by="maya", at=at, id=id_)


def test_what_is_open_for_long_is_overdue_in_any_instance_of_any_room() -> None:
    long_ago = DAY - OPEN_FOR_MS - 1
    rooms = [
        RoomState(
            source=SOURCE,
            room=ROOM,
            decided={
                "0": Decided(pending=(pending("earlier", long_ago),)),
                "1": Decided(pending=(pending("old", long_ago), pending("young", DAY - OPEN_FOR_MS))),
            },
        ),
        RoomState(source=SOURCE, room="other"),
    ]
    assert overdue(rooms, DAY) == ["earlier", "old"]
    assert overdue([], DAY) == []


async def test_the_log_is_reminded_until_it_is_settled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminding, "EVERY_S", 2.0)
    reminded: list[Collection[EventId]] = []

    async def remind(commands: Collection[EventId]) -> None:
        reminded.append(commands)
        if len(reminded) == 1:
            raise LogError("the servers do not answer")

    async with GatewayInProcess(tmp_path) as gateway:
        monkeypatch.setattr(gateway.log, "remind", remind)
        await gateway.tell(joined("c1", DAY, user="u1"))
        gateway.provider.errors = [Unavailable("The clinic's platform cannot be reached.")] * 50
        await gateway.order("POST", f"{participant_path('c1')}/disconnect", {"reason": "conduct"})
        (order,) = gateway.room.pending
        await gateway.advance(14_500)
        assert reminded == [], "it may be under way"
        await gateway.advance(4_000)
        assert reminded == [[order.id]] * 2
        await gateway.advance(30_000)  # the platform was asked for long enough
        assert gateway.room.pending == ()
        told = len(reminded)
        await gateway.advance(30_000)
        assert len(reminded) == told
