"""The headers that stand on every answer, over a real connection."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.gateway import GatewayServed

EXPECTED = {
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}


@pytest.fixture(scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[GatewayServed]:
    async with GatewayServed(Path(tmp_path_factory.mktemp("gateway"))) as gateway:
        yield gateway


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/rooms", 200),
        ("HEAD", "/v1/rooms", 200),
        ("GET", "/v1/nothing", 404),
        ("OPTIONS", "/v1/rooms", 405),
        ("POST", "/v1/token", 400),
        ("POST", "/webhooks/clinic", 401),
        ("POST", "/webhooks/school", 404),
        ("HEAD", "/v1/feed", 200),
        ("GET", "/healthz", 200),
        ("GET", "/device", 200),
        ("GET", "/openapi.json", 200),
    ],
)
async def test_on_every_answer_once(gateway: GatewayServed, method: str, path: str, status: int) -> None:
    answer = await gateway.http.request(method, path)
    assert answer.status_code == status
    assert {name: answer.headers.get_list(name) for name in EXPECTED} == {k: [v] for k, v in EXPECTED.items()}
    assert "server" not in answer.headers
    assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_also_when_something_is_wrong_with_us(
    gateway: GatewayServed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(gateway.gateway.ledger, "verdict", None)
    answer = await gateway.http.put("/v1/enforcement/hold", json={})
    assert (answer.status_code, answer.json()["code"]) == (500, "fault")
    assert "NoneType" not in answer.text
    assert {name: answer.headers[name] for name in EXPECTED} == EXPECTED


async def test_also_when_the_log_fails(gateway: GatewayServed, caplog: pytest.LogCaptureFixture) -> None:
    gateway.log.fails = True
    answer = await gateway.http.put("/v1/enforcement/hold", json={})
    gateway.log.fails = False
    assert answer.status_code == 503
    assert {name: answer.headers[name] for name in EXPECTED} == EXPECTED
