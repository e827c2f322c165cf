"""`moderator appointments`: against a gateway that answers as told, and against a real one."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from moderator.cli import main
from moderator.clock import SystemClock
from moderator.domain.settings import RoomType
from tests.cli.running import TOKEN, Ran
from tests.client.scripted_gateway import Act, answer, broken, problem, scripted
from tests.fakes.builders import DAY
from tests.fakes.gateway import GatewayServed, bearer

GOOD = {
    "source": "clinic",
    "name": "a",
    "type": "",
    "starts_at": DAY,
    "duration_ms": None,
    "ends_at": None,
    "allow": [{"user": "u1", "role": ""}, {"user": "u2", "role": ""}],
    "state": "missed",
    "missing": ["u1", "u2"],
}
SOURCES = answer(
    200,
    {
        "seq": 1,
        "now": DAY,
        "rooms": [],
        "sources": [
            {
                "source": name, "provider": "fake", "state": "live", "heard_at": 1, "listed_at": 1,
                "clock_offset_ms": 0, "detail": None,
            }
            for name in ("clinic", "school")
        ],
    },
)  # fmt: skip
ANNOUNCED = answer(200, {"seq": 7, "appointment": GOOD})
SOON = SystemClock().now_ms() + 3_600_000
CSV = f"name,starts_at,duration,allow\na,{SOON},1h,u1;u2:doctor\nb/c,{SOON},,\n"


async def run(token_file: Path, action: str, words: list[str], *acts: Act) -> Ran:
    async with scripted(*acts) as gateway:
        where = ["--gateway", gateway.url, "--token-file", str(token_file)]
        return Ran(await asyncio.to_thread(main, ["appointments", action, *where, *words]), gateway)


def a_file(folder: Path, text: str, name: str = "plan.csv") -> str:
    path = folder / name
    path.write_bytes(text.encode())
    return str(path)


async def imported(token_file: Path, text: str, *acts: Act, words: list[str] | None = None) -> Ran:
    path = a_file(token_file.parent, text)
    return await run(token_file, "import", [path, "--source", "clinic", *(words or [])], *acts)


async def test_a_table_is_announced_row_by_row(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = await imported(token_file, CSV, ANNOUNCED, words=["--type", "visit"])
    assert [f"{one.method} {one.path}" for one in ran.requests] == [
        "PUT /v1/appointments/clinic/a",
        "PUT /v1/appointments/clinic/~Yi9j",
    ]
    assert msgspec.json.decode(ran.requests[0].body) == {
        "starts_at": SOON,
        "duration_ms": 3_600_000,
        "type": "visit",
        "allow": [{"user": "u1", "role": ""}, {"user": "u2", "role": "doctor"}],
    }
    assert msgspec.json.decode(ran.requests[1].body) == {"starts_at": SOON, "type": "visit"}
    assert (ran.status, capsys.readouterr().out) == (0, "2 of 2 announced in clinic\n")


async def test_a_calendar_is_announced_too(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = f"{datetime.fromtimestamp(SOON / 1000, tz=UTC):%Y%m%dT%H%M%SZ}"
    text = (
        f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x\r\nSUMMARY:Dr Lee\r\nDTSTART:{at}\r\nDURATION:PT1H\r\n"
        "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:y\r\nDTSTART;VALUE=DATE:20260501\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    path = a_file(token_file.parent, text, "plan.ICS")
    ran = await run(token_file, "import", [path, "--source", "clinic", "--names", "summary"], ANNOUNCED)
    assert ran.requests[0].path == "/v1/appointments/clinic/~RHIgTGVl"
    assert msgspec.json.decode(ran.requests[0].body)["duration_ms"] == 3_600_000
    assert (ran.status, len(ran.requests)) == (0, 1)
    assert "1 are for whole days, and left out" in capsys.readouterr().err


async def test_nothing_is_sent_when_a_row_is_bad(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = CSV + "c,tomorrow,,\n\x1b[2J,never,,\n"
    ran = await imported(token_file, bad, ANNOUNCED)
    assert (ran.status, ran.requests) == (1, [])
    said = capsys.readouterr().err.splitlines()
    assert "plan.csv:4: starts_at: 'tomorrow' is no time" in said[0]
    assert "plan.csv:5: starts_at" in said[1]
    assert said[-1] == "moderator: nothing was sent: 2 cannot be read (--skip-bad leaves them out)"
    ran = await imported(token_file, bad, ANNOUNCED, words=["--skip-bad"])
    assert (ran.status, len(ran.requests)) == (0, 2)


async def test_a_dry_run_shows_and_sends_nothing(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = await imported(token_file, CSV, SOURCES, words=["--dry-run"])
    assert (ran.status, [f"{one.method} {one.path}" for one in ran.requests]) == (0, ["GET /v1/rooms"])
    out, err = capsys.readouterr()
    assert err == "moderator: the gateway has clinic; types and bookings it checks when they are sent\n"
    head, first, second = out.splitlines()
    assert head.split() == ["LINE", "STARTS", "MINUTES", "NAME", "TYPE", "ROOM", "PEOPLE"]
    assert first.split()[0] == "2"
    assert first.split()[3:] == ["60", "a", "-", "-", "2"]
    assert second.split()[3:] == ["-", "b/c", "-", "-", "0"]
    await imported(token_file, CSV, SOURCES, words=["--dry-run", "--json"])
    assert [row["line"] for row in msgspec.json.decode(capsys.readouterr().out)["rows"]] == [2, 3]


async def test_a_dry_run_needs_no_gateway(
    token_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MODERATOR_GATEWAY", raising=False)
    words = ["appointments", "import", a_file(token_file.parent, CSV), "--source", "clinic", "--dry-run"]
    assert await asyncio.to_thread(main, words) == 0
    assert "not checked with the gateway: which gateway?" in capsys.readouterr().err
    ran = await imported(token_file, CSV, problem(403, "missing_scope", "this needs rooms:read"), words=["--dry-run"])
    assert ran.status == 0
    assert "not checked with the gateway: this needs rooms:read" in capsys.readouterr().err


async def test_a_dry_run_finds_a_source_that_is_not_there(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = await run(token_file, "import", [a_file(token_file.parent, CSV), "--source", "clinc", "--dry-run"], SOURCES)
    assert ran.status == 1
    said = "there is no source 'clinc', or your token may not see it: choose one of clinic, school"
    assert said in capsys.readouterr().err


async def test_an_unknown_source_is_said_once_with_those_that_there_are(
    token_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unknown = problem(404, "unknown_source", "there is no such source, or your token may not see it")
    ran = await imported(token_file, CSV, unknown, SOURCES)
    assert (ran.status, len(ran.requests)) == (1, 2)
    (said,) = capsys.readouterr().err.splitlines()
    assert said.endswith(
        "plan.csv:2: a, and 1 more: there is no source 'clinic', or your token may not see it: choose one of clinic, "
        "school"
    )
    await imported(token_file, CSV, unknown, problem(403, "missing_scope", "no"))
    assert capsys.readouterr().err.endswith("there is no source 'clinic', or your token may not see it\n")


async def test_an_unknown_type_is_said_once(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    unknown = problem(422, "unknown_type", "there is no room type 'vist': choose one of visit")
    ran = await imported(token_file, CSV, unknown, words=["--type", "vist"])
    assert (ran.status, len(ran.requests)) == (1, 2)
    (said,) = capsys.readouterr().err.splitlines()
    assert said.endswith("plan.csv:2: a, and 1 more: there is no room type 'vist': choose one of visit")


async def test_what_is_refused_is_said_and_the_rest_goes_on(
    token_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    overlap = problem(409, "overlap", "the room is booked for x at that time")
    ran = await imported(token_file, CSV, overlap, ANNOUNCED)
    assert (ran.status, len(ran.requests)) == (1, 2)
    said = capsys.readouterr()
    assert said.out == "1 of 2 announced in clinic\n"
    assert "plan.csv:2: a: the room is booked for x at that time" in said.err
    await imported(token_file, CSV, overlap, ANNOUNCED, words=["--json"])
    results = msgspec.json.decode(capsys.readouterr().out)["results"]
    assert [(one["line"], one["ok"], one["code"]) for one in results] == [(2, False, "overlap"), (3, True, "")]


@pytest.mark.parametrize("act", [problem(403, "missing_scope", "no"), problem(401, "token_expired", "no"), broken()])
async def test_what_concerns_all_stops_at_the_first(
    token_file: Path, capsys: pytest.CaptureFixture[str], act: Act
) -> None:
    ran = await imported(token_file, CSV, act, words=["--json"])
    assert ran.status == 1
    assert {one.path for one in ran.requests} == {"/v1/appointments/clinic/a"}
    results = msgspec.json.decode(capsys.readouterr().out)["results"]
    assert [(one["name"], one["code"]) for one in results] == [("a", "not_sent"), ("b/c", "not_sent")]


async def test_who_is_asked_to_wait_does(token_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("moderator.cli.appointments.BUSY_PAUSE_S", 0.01)
    ran = await imported(token_file, CSV, problem(429, "busy", "slowly"), ANNOUNCED)
    assert (ran.status, len(ran.requests)) == (0, 3)


async def test_long_files_show_how_far_it_is(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "name,starts_at\n" + "".join(f"a{number},{SOON}\n" for number in range(250))
    assert (await imported(token_file, text, ANNOUNCED)).status == 0
    assert capsys.readouterr().err.splitlines() == ["moderator: 100 of 250", "moderator: 200 of 250"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the column name is missing"),
        (b"name,starts_at\n", "there is no appointment"),
        (b"\xff", "is not text in UTF-8"),
        (None, "cannot be read: No such file"),
    ],
)
async def test_files_that_are_none(
    token_file: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, said: str
) -> None:
    path = token_file.parent / "x.csv"
    if content is not None:
        path.write_bytes(content)
    assert (await run(token_file, "import", [str(path), "--source", "clinic"], ANNOUNCED)).status == 1
    assert said in capsys.readouterr().err


# --- list, withdraw ------------------------------------------------------------------------------------------------


async def test_the_list(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed: dict[str, Any] = {"now": DAY, "appointments": [GOOD | {"name": "a\x1b", "here": ["u3"]}], "more": True}
    ran = await run(token_file, "list", ["--source", "clinic"], answer(200, listed))
    assert ran.requests[0].path == "/v1/appointments?source=clinic"
    head, row, more = capsys.readouterr().out.splitlines()
    assert head.split() == ["STARTS", "STATE", "NAME", "SOURCE", "ROOM", "HERE", "MISSING"]
    assert row.split()[2:] == ["missed", "a\ufffd", "clinic", "-", "1/2", "u1,", "u2"]
    assert more == "there are more"
    await run(token_file, "list", ["--json"], answer(200, listed))
    assert msgspec.json.decode(capsys.readouterr().out)["more"] is True
    await run(token_file, "list", [], answer(200, {"now": DAY, "appointments": []}))
    assert "nothing is announced" in capsys.readouterr().err


async def test_one_is_withdrawn(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = await run(token_file, "withdraw", ["b/c", "--source", "clinic"], answer(200, {"seq": 9}))
    assert f"{ran.requests[0].method} {ran.requests[0].path}" == "DELETE /v1/appointments/clinic/~Yi9j"
    assert capsys.readouterr().out == "b/c is withdrawn\n"
    unknown = problem(404, "unknown_appointment", "there is no such appointment")
    assert (await run(token_file, "withdraw", ["x", "--source", "clinic"], unknown)).status == 1
    assert TOKEN not in capsys.readouterr().err


async def test_with_a_real_gateway(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    token = tmp_path / "token"
    token.write_text(bearer().removeprefix("Bearer "), "ascii")
    now = SystemClock().now_ms()
    plan = a_file(tmp_path, f"name,starts_at,duration,room\na,{now},1h,r1\nb,{now + 1},1h,r1\nc,{now},1h,r2\n")
    async with GatewayServed(tmp_path, RoomType(name="visit")) as gateway:
        url = f"http://127.0.0.1:{gateway.address[1]}"
        where = ["--gateway", url, "--token-file", str(token)]
        words = ["appointments", "import", *where, plan, "--source", "clinic", "--type", "visit"]
        assert await asyncio.to_thread(main, words) == 1
        assert "plan.csv:3: b: the room is booked for a at that time" in capsys.readouterr().err
        assert await asyncio.to_thread(main, ["appointments", "withdraw", *where, "a", "--source", "clinic"]) == 0
        assert await asyncio.to_thread(main, words) == 1
        capsys.readouterr()
        assert await asyncio.to_thread(main, ["appointments", "list", *where]) == 0
        assert [line.split()[3] for line in capsys.readouterr().out.splitlines()[1:]] == ["a", "c"]
