"""`moderator rooms`."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from moderator.cli.listing import listing
from moderator.client.commands import RoomList
from moderator.client.texts import clock_time
from moderator.domain.rooms import Lock, Source, Violation
from tests.cli.running import LISTED, ROOMS, TOKEN, run
from tests.client.scripted_gateway import answer
from tests.fakes.builders import DAY


def test_the_table_has_the_next_end_first() -> None:
    lines = listing(RoomList(1, DAY, tuple(ROOMS)))
    assert [line.split()[1] for line in lines] == ["ROOM", "over", "late", "open", "old"]
    over, late, open_, old = (line.split("  ") for line in lines[1:])
    assert "+01:01 over" in over
    assert "Maya\ufffd" in over
    assert "04:59" in late
    assert "1/2" in "".join(late)
    assert "-" in open_
    assert "ended" in old
    assert "+00:00 over" not in "".join(old)


def violation(policy: str, participant: str) -> Violation:
    return Violation(policy=policy, participant=participant, user="", reason="", found_at=DAY, enforced=False)


def test_a_lock_and_violations_stand_in_the_notes() -> None:
    (open_,) = (one for one in ROOMS if one.name == "open")
    found = (violation("room_full", "p1"), violation("not_listed", "p1"), violation("room_full", "p2"))
    locked = replace(open_, locked=Lock(by="m1", at=DAY, people=()), violations=found)
    notes = [line.split("  ")[-1] for line in listing(RoomList(1, DAY, (locked,)))]
    assert notes == ["NOTES", "locked, 2 room_full, 1 not_listed"]
    assert listing(RoomList(1, DAY, (open_,)))[1].endswith("  -")


async def test_who_is_there_stands_below_each_room(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bill, *_ = ROOMS[0].participants
    nobody = replace(bill, id="p3", user="", name="", role="")
    doctor = replace(bill, id="p2", user="u2", name="Lee\x1b", role="doctor", joined_at=DAY + 1)
    one = replace(ROOMS[0], participants=(doctor, *ROOMS[0].participants, replace(nobody, joined_at=DAY + 2)))
    rooms = answer(200, {"seq": 1, "now": DAY, "rooms": [msgspec.to_builtins(one)]})
    assert (await run(token_file, ["rooms", "--people"], rooms)).status == 0
    since = clock_time(DAY, with_seconds=False)
    assert capsys.readouterr().out.splitlines()[2:] == [
        f"  Bill (u1) since {since}",
        f"  Lee\ufffd (u2, doctor) since {since}",
        f"  p3 since {since}",
    ]


@pytest.mark.parametrize(
    ("hold", "said"),
    [
        ({"by": "m1", "since": DAY, "reason": "a\x1b drill."}, "(by m1: a\ufffd drill)"),
        ({"by": "policy", "since": DAY}, "(by policy)"),
    ],
)
async def test_a_hold_is_said(
    token_file: Path, capsys: pytest.CaptureFixture[str], hold: dict[str, Any], said: str
) -> None:
    await run(token_file, ["rooms"], answer(200, {"seq": 1, "now": DAY, "rooms": [], "hold": hold}))
    since = clock_time(DAY, with_seconds=False)
    line = capsys.readouterr().err.splitlines()[-1]
    assert line == f"automatic disconnects are on hold since {since} {said}"


def test_an_end_that_the_platform_keeps_says_whose_it_is() -> None:
    (kept,) = (one for one in ROOMS if one.name == "late")
    assert kept.deadline
    kept = replace(
        kept, provider="stream", deadline=replace(kept.deadline, kept_by="provider"), deadline_is_platforms=True
    )
    at = clock_time(kept.deadline.ends_at, with_seconds=False) if kept.deadline else ""
    assert f"  {at} (Stream)  " in listing(RoomList(1, DAY, (kept,)))[1]


async def test_rooms(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = await run(token_file, ["rooms"], LISTED)
    out, err = capsys.readouterr()
    assert (ran.status, err) == (0, "")
    assert out.startswith("STATE  ROOM")
    assert ran.requests[0].headers["authorization"] == f"Bearer {TOKEN}"


async def test_rooms_for_scripts(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (await run(token_file, ["rooms", "--json"], LISTED)).status == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert msgspec.json.decode(out, type=RoomList).rooms == tuple(ROOMS)


async def test_no_rooms(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (await run(token_file, ["rooms"], answer(200, {"seq": 1, "now": 1, "rooms": []}))).status == 0
    assert capsys.readouterr() == ("", "moderator: there are no rooms now\n")


def source(name: str, *, heard_at: int | None = DAY, **members: Any) -> Source:
    known: dict[str, Any] = {"provider": "janus", "state": "live", "listed_at": DAY, "clock_offset_ms": 0}
    return Source(source=name, heard_at=heard_at, **{**known, "detail": None, **members})


async def test_sources_that_are_not_heard_are_said(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sources = [
        source("well"),
        source("away", state="failing", detail="Janus' Admin API: h cannot be reached: no\x1bconnection."),
        source("mute", state="silent", heard_at=None),
        source("new", state="polling", heard_at=None),
        source("unread", state="polling", heard_at=None, listed_at=None),
        source("late", state="polling", heard_at=None, detail="the clocks differ"),
    ]
    listed = {"seq": 1, "now": DAY, "rooms": [], "sources": msgspec.to_builtins(sources)}
    assert (await run(token_file, ["rooms"], answer(200, listed))).status == 0
    assert capsys.readouterr().err.splitlines() == [
        "moderator: there are no rooms now",
        "away: Janus' Admin API: h cannot be reached: no\ufffdconnection (last heard "
        f"{clock_time(DAY, with_seconds=False)})",
        "mute: the platform reports nothing (never heard since the gateway started)",
        "new: no webhook yet; lists are read",
        "unread: no webhook yet",
        "late: the clocks differ (never heard since the gateway started)",
    ]
