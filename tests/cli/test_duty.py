"""`moderator duty`."""

from pathlib import Path

import msgspec
import pytest

from moderator.domain.rooms import Person
from tests.cli.running import room, run
from tests.client.scripted_gateway import Act, answer, problem
from tests.fakes.builders import DAY

WATCHING = answer(200, {"seq": 7, "on_duty": [{"id": "maya", "name": "Maya\x1b"}, {"id": "zoe", "name": ""}]})


@pytest.mark.parametrize(
    ("words", "asked", "body"),
    [
        (["on"], "PUT /v1/duty", {}),
        (["off"], "DELETE /v1/duty", None),
        (["list"], "GET /v1/duty", None),
    ],
)
async def test_each_is_asked_and_answered(
    token_file: Path, capsys: pytest.CaptureFixture[str], words: list[str], asked: str, body: object
) -> None:
    ran = await run(token_file, ["duty", *words], WATCHING)
    (request,) = ran.requests
    assert f"{request.method} {request.path}" == asked
    assert (msgspec.json.decode(request.body) if request.body else None) == body
    assert (ran.status, capsys.readouterr().out) == (0, "on duty: Maya\ufffd (maya), zoe\n")


SOMEBODY_ELSES = answer(
    200,
    {
        "seq": 1,
        "now": DAY,
        "rooms": [msgspec.to_builtins(room("r", owner=Person("max", "Max"))), msgspec.to_builtins(room("q"))],
    },
)


@pytest.mark.parametrize(
    ("to", "rooms", "name", "warned"),
    [
        ("zoe", SOMEBODY_ELSES, "", False),
        ("maya", SOMEBODY_ELSES, "Maya\x1b", False),
        ("max", SOMEBODY_ELSES, "Max", False),
        ("zoë\x1b", SOMEBODY_ELSES, "", True),
        ("max", problem(403, "missing_scope", "this needs rooms:read"), "", True),
    ],
)
async def test_duty_is_handed_over_and_a_stranger_is_warned_of(
    token_file: Path, capsys: pytest.CaptureFixture[str], to: str, rooms: Act, name: str, warned: bool
) -> None:
    ran = await run(token_file, ["duty", "off", "--to", to], WATCHING, rooms, WATCHING)
    order = ran.requests[-1]
    assert (order.method, order.path) == ("PUT", "/v1/duty")
    assert msgspec.json.decode(order.body) == {"moderator": to, "name": name}
    out, err = capsys.readouterr()
    assert (ran.status, out) == (0, "on duty: Maya\ufffd (maya), zoe\n")
    assert ("has the id" in err, "\x1b" in err) == (warned, False)


async def test_for_scripts_and_when_nobody_is(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nobody = {"seq": 7, "on_duty": []}
    assert (await run(token_file, ["duty", "list", "--json"], answer(200, nobody))).status == 0
    assert msgspec.json.decode(capsys.readouterr().out) == nobody
    await run(token_file, ["duty", "list"], answer(200, nobody))
    assert capsys.readouterr().out == "on duty: nobody\n"


async def test_a_refusal_is_one_line(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused = problem(409, "not_on_duty", "you are not on duty, so you have none to hand over")
    assert (await run(token_file, ["duty", "off", "--to", "zoe"], WATCHING, SOMEBODY_ELSES, refused)).status == 1
    assert capsys.readouterr().err == "moderator: you are not on duty, so you have none to hand over\n"
