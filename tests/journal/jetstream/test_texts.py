"""Personal texts are found although a server that is asked for them does not answer, or does not have them yet."""

from collections.abc import Callable
from typing import Any

import pytest
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js.api import PubAck
from nats.js.errors import APIError, NotFoundError

from moderator.journal.event_log import LogError
from moderator.journal.jetstream import texts
from moderator.journal.jetstream.texts import TextsMissing
from tests.journal.reading import an_arrival, everything
from tests.journal.streams import Gateways, caught_up

pytestmark = pytest.mark.nats


@pytest.mark.parametrize(("error", "asked"), [(NatsTimeoutError, 1), (NotFoundError, 3)])
async def test_who_knows_best_is_asked_then(
    gateways: Gateways, monkeypatch: pytest.MonkeyPatch, error: type[Exception], asked: int
) -> None:
    one, other = await gateways.open(0), await gateways.open(1)
    get, direct_requests = other._connection.streams.get_last_msg, []

    async def get_last_msg(stream: str, subject: str, direct: bool = False) -> Any:
        if direct:
            direct_requests.append(subject)
            raise error
        return await get(stream, subject)

    monkeypatch.setattr(other._connection.streams, "get_last_msg", get_last_msg)
    for number in range(3):
        await one.append(an_arrival(number))
        await caught_up(other)
    assert await everything(other) == await everything(one)
    assert len(direct_requests) == asked, "one that did not answer is not asked again soon"


def _knows_it() -> PubAck:
    """As a server of version 2.10 says that is cut off, of what it meant to store."""
    return PubAck(stream="texts", seq=1_000, duplicate=True)


def _is_at_it() -> PubAck:
    """As a newer one says then."""
    raise APIError(code=409, err_code=10158, description="duplicate message id is in process")


@pytest.mark.parametrize("answer", [_knows_it, _is_at_it])
async def test_what_a_server_only_means_to_store_is_sent_again(
    gateways: Gateways, monkeypatch: pytest.MonkeyPatch, answer: Callable[[], PubAck]
) -> None:
    one, other = await gateways.open(0), await gateways.open(1)
    publish = one._connection.streams.publish
    sent: list[str] = []

    async def publish_later(subject: str, *args: Any, **options: Any) -> PubAck:
        if subject.startswith(one._names.text):
            sent.append(subject)
            if len(sent) < 4:
                return answer()
        return await publish(subject, *args, **options)

    monkeypatch.setattr(one._connection.streams, "publish", publish_later)
    await one.append(an_arrival(1))
    await caught_up(other)
    assert await everything(other) == await everything(one) != []
    assert len(sent) == 4
    assert len(set(sent)) == 1


async def test_what_a_server_never_stores_is_said(gateways: Gateways, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "WITHIN_S", 0.2)
    log = await gateways.open()

    async def publish(*_: Any, **__: Any) -> PubAck:
        return _is_at_it()

    monkeypatch.setattr(log._connection.streams, "publish", publish)
    with pytest.raises(LogError, match="cannot be used, it is not decided yet whether what was sent is stored"):
        await log.append(an_arrival(1))


async def test_texts_that_are_lost_are_said(gateways: Gateways) -> None:
    log = await gateways.open()
    await log.append(an_arrival(1))
    with pytest.raises(TextsMissing):
        await log._appending._texts.get(bytes(16))
    assert issubclass(TextsMissing, LogError)
