"""The commands about rooms, against a gateway that answers as told. `main` runs on a thread: it has its own loop."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from moderator.cli import main
from moderator.cli.listing import listing
from moderator.client.commands import RoomList
from moderator.client.texts import clock_time
from moderator.domain.rooms import Deadline, Limits, Person, Room, Source
from tests.client.scripted_gateway import Act, ScriptedGateway, answer, broken, problem, scripted
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
ROOMS = [
    room("open"),
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


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n", "ascii")
    return path


async def run(token_file: Path, words: list[str], *acts: Act) -> Ran:
    async with scripted(*acts) as gateway:
        where = ["--gateway", gateway.url, "--token-file", str(token_file)]
        return Ran(await asyncio.to_thread(main, [words[0], *where, *words[1:]]), gateway)


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
        source("mute", state="polling", heard_at=None),
    ]
    listed = {"seq": 1, "now": DAY, "rooms": [], "sources": msgspec.to_builtins(sources)}
    assert (await run(token_file, ["rooms"], answer(200, listed))).status == 0
    assert capsys.readouterr().err.splitlines() == [
        "moderator: there are no rooms now",
        "away: Janus' Admin API: h cannot be reached: no\ufffdconnection (last heard "
        f"{clock_time(DAY, with_seconds=False)})",
        "mute: the platform reports nothing (never heard since the gateway started)",
    ]


EXTENDED = answer(200, {"deadline": {"ends_at": DAY, "version": 4, "kept_by": "gateway"}, "seq": 8})
GONE = answer(202, {"outcome": "requested", "rejoin": "blocked_by_gateway", "seq": 8})
ORDERS: list[tuple[list[str], Act, str, dict[str, Any] | None, str]] = [
    (
        ["extend", "late", "5m"],
        EXTENDED,
        "POST /v1/rooms/clinic/id-late/extend",
        {"seconds": 300, "expected_version": 3},
        "late: extended by 5:00, ends at",
    ),
    (
        ["disconnect", "clinic/id-late", "Bill", "--reason", "conduct", "--block", "10m"],
        GONE,
        "POST /v1/rooms/clinic/id-late/participants/p1/disconnect",
        {"reason": "conduct", "block": 600},
        "late: Bill is being disconnected; the gateway disconnects",
    ),
    (
        ["disconnect", "late", "u1", "--reason", "not_listed", "--block", "forever"],
        GONE,
        "POST /v1/rooms/clinic/id-late/participants/p1/disconnect",
        {"reason": "not_listed", "block": True},
        "late: Bill",
    ),
    (
        ["disconnect", "late", "p1", "--reason", "other"],
        GONE,
        "POST /v1/rooms/clinic/id-late/participants/p1/disconnect",
        {"reason": "other", "block": False},
        "late: Bill",
    ),
    (
        ["readmit", "late", "a/b"],
        answer(200, {"seq": 1, "rejoin": "blocked_by_provider", "detail": "Janus is away"}),
        "DELETE /v1/rooms/clinic/id-late/blocks/~YS9i",
        None,
        "late: a/b may come back; but Janus is away",
    ),
    (
        ["mute", "late", "Bill"],
        answer(202, {"seq": 1}),
        "POST /v1/rooms/clinic/id-late/participants/p1/mute",
        {},
        "late",
    ),
    (
        ["message", "late", "Hi"],
        answer(202),
        "POST /v1/rooms/clinic/id-late/message",
        {"text": "Hi"},
        "late: the message",
    ),
    (
        ["end", "late", "--reason", "technical"],
        answer(202, {"seq": 1}),
        "POST /v1/rooms/clinic/id-late/end",
        {"reason": "technical"},
        "late: the room is being ended",
    ),
]


@pytest.mark.parametrize(("words", "act", "request_line", "body", "said"), ORDERS)
async def test_orders(
    token_file: Path,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    act: Act,
    request_line: str,
    body: object,
    said: str,
) -> None:
    ran = await run(token_file, words, LISTED, act)
    out, err = capsys.readouterr()
    assert (ran.status, err) == (0, "")
    assert out.startswith(said)
    order = ran.requests[1]
    assert f"{order.method} {order.path}" == request_line
    assert (msgspec.json.decode(order.body) if order.body else None) == body


@pytest.mark.parametrize(("words", "act"), [(words, act) for words, act, *_ in ORDERS])
async def test_orders_for_scripts(
    token_file: Path, capsys: pytest.CaptureFixture[str], words: list[str], act: Act
) -> None:
    assert (await run(token_file, [*words, "--json"], LISTED, act)).status == 0
    assert "seq" in msgspec.json.decode(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("words", "acts", "why"),
    [
        (["rooms"], [problem(401, "token_expired", "the token has expired: get a new one")], "has expired"),
        (["rooms"], [problem(403, "missing_scope", "this needs the scope rooms:read")], "rooms:read"),
        (["rooms"], [broken()], "cannot be reached"),
        (["rooms"], [answer(200, raw=b"<html>")], "makes no sense"),
        (["extend", "nowhere", "5m"], [LISTED], "clinic/id-late (late)"),
        (["extend", "x/y", "5m"], [LISTED, problem(404, "unknown_room", "no")], "no room is called 'x/y'"),
        (["mute", "late", "Eve"], [LISTED], "p1 (u1, Bill)"),
        (["extend", "late", "5m"], [LISTED, problem(409, "conflict", "Max was quicker")], "Max was quicker"),
        (
            ["extend", "late", "9h"],
            [LISTED, problem(422, "over_allowance", "1500 s", allowance_ms=1_500_000)],
            "late: at most 25:00 more can be added",
        ),
        (["extend", "late", "9h"], [LISTED, problem(422, "over_allowance", "no", allowance_ms=0)], "no more time"),
        (["extend", "open", "5m"], [LISTED], "open: the room has no deadline, and none can be set from here"),
        (["end", "late", "--reason", "other"], [LISTED, broken()], "cannot be reached"),
    ],
)
async def test_a_refusal_is_one_line_and_1(
    token_file: Path, capsys: pytest.CaptureFixture[str], words: list[str], acts: list[Act], why: str
) -> None:
    ran = await run(token_file, words, *acts)
    out, err = capsys.readouterr()
    assert (ran.status, out, err.count("\n")) == (1, "", 1)
    assert why in err
    assert TOKEN not in err


async def test_a_room_that_ended_long_ago_is_found_by_its_address(
    token_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ancient = answer(200, msgspec.to_builtins(room("ancient", state="ended")))
    ran = await run(token_file, ["readmit", "clinic/id-ancient", "u9"], LISTED, ancient, answer(200, {"seq": 1}))
    assert ran.status == 0
    assert [request.path for request in ran.requests][1:] == [
        "/v1/rooms/clinic/id-ancient",
        "/v1/rooms/clinic/id-ancient/blocks/u9",
    ]
    assert capsys.readouterr().out == "ancient: u9 may come back\n"


@pytest.mark.parametrize("content", [b"", b" \n", b"two words", b"one\ntwo", "tökén".encode(), b"\xff", b"a\0b"])
def test_what_is_no_token_is_refused_unseen(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
    path = tmp_path / "token"
    path.write_bytes(content)
    assert main(["rooms", "--gateway", "http://127.0.0.1:9", "--token-file", str(path)]) == 1
    err = capsys.readouterr().err
    assert "holds no token" in err
    assert "two" not in err


def test_a_token_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "none"
    assert main(["rooms", "--gateway", "http://127.0.0.1:9", "--token-file", str(path)]) == 1
    assert f"{path} cannot be read: No such file" in capsys.readouterr().err
