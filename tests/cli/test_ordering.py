"""The commands that do something about a room, and what becomes of them."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from moderator.client.texts import clock_time, next_time
from moderator.clock import SystemClock
from moderator.domain.rooms import Warning
from tests.cli.running import LISTED, TOKEN, room, run
from tests.client.scripted_gateway import Act, answer, broken, problem
from tests.fakes.builders import DAY

EXTENDED = answer(200, {"deadline": {"ends_at": DAY, "version": 4, "kept_by": "gateway"}, "seq": 8})
DONE = answer(200, {"seq": 1})
GONE = answer(202, {"outcome": "requested", "rejoin": "blocked_by_gateway", "seq": 8})
BOOKED = problem(409, "next_booking", "the room is booked", name="next", starts_at=DAY)
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
        "late: Bill is being muted",
    ),
    (
        ["mute", "late", "Bill", "--revoke"],
        answer(202, {"seq": 1}),
        "POST /v1/rooms/clinic/id-late/participants/p1/mute",
        {"mode": "revoke"},
        "late: Bill is losing the microphone",
    ),
    (
        ["mute", "late", "Bill", "--restore"],
        answer(202, {"seq": 1}),
        "POST /v1/rooms/clinic/id-late/participants/p1/mute",
        {"mode": "restore"},
        "late: Bill is getting the microphone back",
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
    (
        ["extend", "late", "5m", "--into-next"],
        EXTENDED,
        "POST /v1/rooms/clinic/id-late/extend",
        {"seconds": 300, "expected_version": 3, "into_next": True},
        "late: extended by 5:00, ends at",
    ),
    (["lock", "late"], DONE, "PUT /v1/rooms/clinic/id-late/lock", None, "late: locked; who is there may come back"),
    (["unlock", "late"], DONE, "DELETE /v1/rooms/clinic/id-late/lock", None, "late: anybody may come in again"),
    (
        ["allow", "late", "Bill"],
        DONE,
        "POST /v1/rooms/clinic/id-late/participants/p1/allow",
        {},
        "late: Bill may stay",
    ),
    (
        ["allow", "open", "u9"],
        DONE,
        "POST /v1/rooms/clinic/id-open/participants/p9/allow",
        {},
        "open: Nina may come back",
    ),
    (
        ["allow", "late", "u7", "--user"],
        DONE,
        "PUT /v1/rooms/clinic/id-late/allowed/u7",
        {},
        "late: u7 may come in",
    ),
    (["claim", "late"], DONE, "PUT /v1/rooms/clinic/id-late/owner", {}, "late: you look after it\n"),
    (
        ["claim", "over"],
        DONE,
        "PUT /v1/rooms/clinic/id-over/owner",
        {},
        "over: you look after it; Maya\ufffd did before",
    ),
    (["release", "over"], DONE, "DELETE /v1/rooms/clinic/id-over/owner", None, "over: nobody looks after it now"),
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
        (["extend", "nowhere", "5m"], [LISTED], "there is: clinic/late"),
        (["extend", "x/y", "5m"], [LISTED, problem(404, "unknown_room", "no")], "no room is called 'x/y'"),
        (["mute", "late", "Eve"], [LISTED], "p1 (u1, Bill)"),
        (["extend", "late", "5m"], [LISTED, problem(409, "conflict", "Max was quicker")], "Max was quicker"),
        (
            ["extend", "late", "9h"],
            [LISTED, problem(422, "over_allowance", "1500 s", allowance_ms=1_500_000)],
            "late: at most 25:00 more can be added",
        ),
        (["extend", "late", "9h"], [LISTED, problem(422, "over_allowance", "no", allowance_ms=0)], "no more time"),
        (["extend", "late", "5m"], [LISTED, BOOKED], "late: it is booked for next from"),
        (["extend", "open", "--until", "23:59"], [LISTED, BOOKED], "--into-next extends all the same"),
        (["allow", "late", "u9"], [LISTED], "no participant is called 'u9'"),
        (["extend", "open", "5m"], [LISTED], "open: the room has no deadline to move: set one with --until"),
        (
            ["extend", "late", "5m"],
            [LISTED, problem(502, "provider_unavailable", "Stream does not answer")],
            "Stream does not answer",
        ),
        (
            ["mute", "late", "Bill", "--revoke"],
            [LISTED, problem(409, "not_supported", "Vonage can mute only once")],
            "Vonage can mute only once",
        ),
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


WARNED = room(
    "warned",
    warnings=tuple(
        Warning(id=f"w{n}", threshold_ms=n, deadline_version=3, raised_at=DAY, acknowledged_by=by)
        for n, by in enumerate([None, "max", None])
    ),
)


async def test_every_waiting_warning_of_a_room_is_acknowledged(
    token_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = answer(200, {"seq": 1, "now": DAY, "rooms": [msgspec.to_builtins(WARNED)], "sources": []})
    ran = await run(token_file, ["acknowledge", "warned"], listed, DONE)
    warnings = "/v1/rooms/clinic/id-warned/warnings"
    assert [one.path for one in ran.requests[1:]] == [f"{warnings}/w0/acknowledge", f"{warnings}/w2/acknowledge"]
    assert (ran.status, capsys.readouterr().out) == (0, "warned: 2 warnings acknowledged\n")


async def test_a_room_without_warnings_has_none_to_acknowledge(
    token_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = await run(token_file, ["acknowledge", "late"], LISTED)
    assert (ran.status, len(ran.requests)) == (0, 1)
    assert capsys.readouterr().out == "late: no warning is waiting\n"


@pytest.mark.parametrize(
    ("words", "asked", "body", "said"),
    [
        (["hold"], "PUT /v1/enforcement/hold", {}, "no policy disconnects anybody until `moderator resume`\n"),
        (["hold", "--reason", "a test"], "PUT /v1/enforcement/hold", {"reason": "a test"}, "no policy disconnects"),
        (["resume"], "DELETE /v1/enforcement/hold", None, "policies disconnect again\n"),
        (["resume", "--json"], "DELETE /v1/enforcement/hold", None, '{"seq":1}\n'),
    ],
)
async def test_policies_are_paused_and_resumed(
    token_file: Path, capsys: pytest.CaptureFixture[str], words: list[str], asked: str, body: object, said: str
) -> None:
    ran = await run(token_file, words, DONE)
    (request,) = ran.requests
    assert f"{request.method} {request.path}" == asked
    assert (msgspec.json.decode(request.body) if request.body else None) == body
    assert (ran.status, capsys.readouterr().out.startswith(said)) == (0, True)


async def ended_at(token_file: Path, name: str, until: str, ends_at: int | None = None) -> Any:
    """What `extend NAME --until` asks of the gateway."""
    listed = {"seq": 1, "now": DAY, "rooms": [msgspec.to_builtins(room(name, ends_at=ends_at))], "sources": []}
    ran = await run(token_file, ["extend", name, "--until", until], answer(200, listed), EXTENDED)
    assert ran.requests[1].path == f"/v1/rooms/clinic/id-{name}/extend"
    return msgspec.json.decode(ran.requests[1].body)


async def test_an_end_is_set_where_there_is_none(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = await ended_at(token_file, "open", "14:30")
    assert clock_time(body["ends_at"]) == "14:30:00"
    assert set(body) == {"ends_at"}
    assert capsys.readouterr().out == f"open: an end was set, ends at {clock_time(DAY)}\n"


async def test_an_end_is_moved_where_there_is_one(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ends_at = next_time("14:30", SystemClock().now_ms()) - 300_000
    assert await ended_at(token_file, "late", "14:30", ends_at + 400) == {"seconds": 300, "expected_version": 3}
    assert capsys.readouterr().out.startswith("late: extended by 5:00, ends at")


async def test_an_end_that_is_so_already_is_not_moved(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ends_at = next_time("14:30", SystemClock().now_ms())
    listed = {"seq": 1, "now": DAY, "rooms": [msgspec.to_builtins(room("late", ends_at=ends_at))], "sources": []}
    assert (await run(token_file, ["extend", "late", "--until", "14:30"], answer(200, listed))).status == 1
    assert capsys.readouterr().err == "moderator: late: it ends at 14:30:00 already\n"


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
