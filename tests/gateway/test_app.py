"""The gateway as a whole: no route without a rule, problems that can be read, and an orderly start and stop."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from moderator.domain.events import ConfigLoaded, MessageConfirmed
from moderator.providers.provider import Target
from tests.fakes.builders import DAY, joined
from tests.fakes.clock import FakeClock
from tests.fakes.gateway import GatewayInProcess, RunningGateway, room_path


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayInProcess]:
    async with GatewayInProcess(tmp_path) as gateway:
        yield gateway


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/", 404, "not_found"),
        ("GET", "/v1/nothing", 404, "not_found"),
        ("GET", "/v1/rooms/clinic/a/b/c/d/e", 404, "not_found"),
        ("POST", "/v1/me", 405, "method_not_allowed"),
        ("POST", "/v1/feed", 405, "method_not_allowed"),
    ],
)
async def test_what_is_not_there_is_a_problem(
    gateway: GatewayInProcess, method: str, path: str, status: int, code: str
) -> None:
    answer = await gateway.http.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PATCH", "POST"])
async def test_another_method_is_told_what_is_possible(gateway: GatewayInProcess, method: str) -> None:
    answer = await gateway.http.request(method, f"{room_path()}/owner")
    assert (answer.status_code, answer.headers["allow"]) == (405, "DELETE, PUT")
    assert "access-control-allow-origin" not in answer.headers


async def test_head_is_get_without_a_body_and_needs_the_same_token(gateway: GatewayInProcess) -> None:
    assert (await gateway.http.head("/v1/rooms")).status_code == 200
    assert (await gateway.http.head("/v1/rooms", headers={"Authorization": ""})).status_code == 401


async def test_a_decision_that_cannot_be_stored_is_a_503(
    gateway: GatewayInProcess, caplog: pytest.LogCaptureFixture
) -> None:
    await gateway.tell(joined("c1", DAY))
    gateway.log.fails = True
    answer = await gateway.http.put(f"{room_path()}/owner")
    assert (answer.status_code, answer.json()["code"]) == (503, "not_stored")
    assert "a decision could not be stored: The disk is full." in caplog.text
    gateway.log.fails = False
    assert gateway.room.owner is None


async def test_the_configuration_is_in_the_log_at_every_start(tmp_path: Path) -> None:
    clock = FakeClock()
    for _ in range(2):
        async with GatewayInProcess(tmp_path, clock=clock) as gateway:
            await gateway.advance(1_000)
    async with GatewayInProcess(tmp_path, clock=clock) as gateway:
        assert len(await gateway.logged(ConfigLoaded)) == 3


async def test_health_and_readiness(tmp_path: Path) -> None:
    async with RunningGateway(tmp_path, FakeClock()) as gateway:
        assert (await gateway.http.get("/healthz")).status_code == 200
        assert (await gateway.http.get("/readyz")).status_code == 503
        await gateway.start()
        assert (await gateway.http.get("/readyz")).status_code == 200


async def test_a_task_that_fails_fails_the_gateway(gateway: GatewayInProcess, caplog: pytest.LogCaptureFixture) -> None:
    def explode(_: object) -> None:
        raise RuntimeError("a listener is broken")

    gateway.gateway.ledger.listen(explode)
    await gateway.send(joined("c1", DAY))
    await gateway.clock.settle()
    assert gateway.gateway.failed.is_set()
    assert "follow the log failed; the gateway stops" in caplog.text


async def test_a_call_that_is_being_made_at_the_end_is_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sending, may_end, sent = asyncio.Event(), asyncio.Event(), list[str]()

    async def send_message(target: Target, text: str) -> None:
        sending.set()
        await may_end.wait()
        sent.append(text)

    clock = FakeClock()
    async with GatewayInProcess(tmp_path, clock=clock) as gateway:
        await gateway.tell(joined("c1", DAY))
        monkeypatch.setattr(gateway.provider, "send_message", send_message)
        await gateway.order("POST", f"{room_path()}/message", {"text": "five minutes"})
        assert sending.is_set()
        stopping = asyncio.create_task(gateway.__aexit__())
        await asyncio.sleep(0)
        assert not stopping.done()
        may_end.set()
        await stopping
    async with GatewayInProcess(tmp_path, clock=clock) as gateway:
        assert len(await gateway.logged(MessageConfirmed)) == 1
        assert gateway.provider.called("send_message") == []
    assert sent == ["five minutes"]


async def test_the_end_does_not_wait_for_a_log_that_takes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def stuck() -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("moderator.gateway.app.WRITTEN_WITHIN_S", 0.01)
    async with GatewayInProcess(tmp_path) as gateway:
        monkeypatch.setattr(gateway.gateway.checkpoints, "vouch", stuck)
    assert "the log did not take what was still to be written down" in caplog.text


async def test_nothing_goes_on_after_the_stop(tmp_path: Path) -> None:
    before = asyncio.all_tasks()
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY))
        assert len(asyncio.all_tasks()) > len(before)
    assert asyncio.all_tasks() == before
