"""`moderator duty`."""

from pathlib import Path

import msgspec
import pytest

from tests.cli.running import run
from tests.client.scripted_gateway import answer, problem

WATCHING = answer(200, {"seq": 7, "on_duty": [{"id": "maya", "name": "Maya\x1b"}, {"id": "zoe", "name": ""}]})


@pytest.mark.parametrize(
    ("words", "asked", "body"),
    [
        (["on"], "PUT /v1/duty", {}),
        (["off"], "DELETE /v1/duty", None),
        (["off", "--to", "zoe"], "PUT /v1/duty", {"moderator": "zoe", "name": ""}),
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


async def test_for_scripts_and_when_nobody_is(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nobody = {"seq": 7, "on_duty": []}
    assert (await run(token_file, ["duty", "list", "--json"], answer(200, nobody))).status == 0
    assert msgspec.json.decode(capsys.readouterr().out) == nobody
    await run(token_file, ["duty", "list"], answer(200, nobody))
    assert capsys.readouterr().out == "on duty: nobody\n"


async def test_a_refusal_is_one_line(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused = problem(409, "not_on_duty", "you are not on duty, so you have none to hand over")
    assert (await run(token_file, ["duty", "off", "--to", "zoe"], refused)).status == 1
    assert capsys.readouterr().err == "moderator: you are not on duty, so you have none to hand over\n"
