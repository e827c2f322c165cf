"""Letting people in and out by the commands of who manages access."""

from pathlib import Path

import pytest

from tests.cli.running import TOKEN, run
from tests.client.scripted_gateway import answer, problem


async def test_a_code_is_approved(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = "approve wdjb-mjht --name Maya --scope rooms:read,rooms:extend --scope rooms:end --rooms clinic/*"
    ran = await run(token_file, words.split(), answer(200, {}))
    assert ran.status == 0
    assert capsys.readouterr().out == "Maya is being signed in\n"
    (request,) = ran.requests
    assert (request.method, request.path) == ("POST", "/v1/device/approve")
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.body == (
        b'{"user_code":"WDJB-MJHT","name":"Maya","scopes":["rooms:read","rooms:extend","rooms:end"],"rooms":["clinic/*"]}'
    )


@pytest.mark.parametrize(
    ("words", "asked", "said"),
    [
        ("deny wdjb-mjht", "POST /v1/device/deny", "the code counts no more\n"),
        ("revoke 5f0c-1", "DELETE /v1/tokens/5f0c-1", "refused from now on, if there is such a token\n"),
        ("revoke ../session", "DELETE /v1/tokens/~Li4vc2Vzc2lvbg", "refused from now on, if there is such a token\n"),
        ("revoke 5f0c --json", "DELETE /v1/tokens/5f0c", '{"seq":7}\n'),
    ],
)
async def test_who_is_refused(
    token_file: Path, capsys: pytest.CaptureFixture[str], words: str, asked: str, said: str
) -> None:
    ran = await run(token_file, words.split(), answer(200, {"seq": 7}))
    assert [f"{one.method} {one.path}" for one in ran.requests] == [asked]
    assert (ran.status, capsys.readouterr().out) == (0, said)


@pytest.mark.parametrize("act", [problem(404, "no_such_code", "There is no such code."), problem(403, "scope", "No.")])
async def test_what_the_gateway_refuses(token_file: Path, capsys: pytest.CaptureFixture[str], act: object) -> None:
    ran = await run(token_file, ["deny", "WDJB-MJHT"], act)  # type: ignore[arg-type]
    assert ran.status == 1
    assert capsys.readouterr().err in {"moderator: There is no such code.\n", "moderator: No.\n"}
