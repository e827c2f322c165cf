"""The streams are made as the log needs them, and refused with a sentence where they are otherwise."""

import asyncio
import shutil
from typing import Any

import pytest
from nats.aio.client import Client
from nats.js.api import RetentionPolicy, StorageType, StreamConfig

from moderator.journal.event_log import LogError
from moderator.journal.jetstream.streams import Names
from tests.journal.reading import an_arrival, append_many, everything
from tests.journal.streams import Gateways

pytestmark = pytest.mark.nats


async def make(gateways: Gateways, **otherwise: Any) -> None:
    names = Names.of(gateways.name)
    config = StreamConfig(
        **{
            "name": names.log,
            "subjects": [f"{gateways.name}.log.*"],
            "retention": RetentionPolicy.LIMITS,
            "storage": StorageType.FILE,
            "allow_direct": True,
            **otherwise,
        }
    )
    client = Client()
    await client.connect(gateways.server.address, user=gateways.server.user, password=gateways.server.password)
    await client.jetstream().add_stream(config)
    await client.close()


async def test_a_stream_that_somebody_made_rightly_is_used(gateways: Gateways) -> None:
    await make(gateways)
    log = await gateways.open(0)
    assert (await gateways.open(1)).log_id == log.log_id


@pytest.mark.parametrize(
    ("otherwise", "said"),
    [
        ({"storage": StorageType.MEMORY}, "storage should be file"),
        ({"retention": RetentionPolicy.INTEREST}, "retention should be limits"),
        ({"max_age": 3600.0}, "max_age should be no limit"),
        ({"max_msgs": 1000}, "max_msgs should be no limit"),
        ({"max_msg_size": 1000}, "max_msg_size should be no limit"),
        ({"max_consumers": 5}, "max_consumers should be no limit"),
        ({"duplicate_window": 0.1}, "duplicate_window should be 2 minutes or more"),
        ({"deny_purge": True}, "deny_purge should be false"),
        ({"allow_direct": None}, "allow_direct should be true"),
    ],
)
async def test_a_stream_that_would_lose_entries_is_refused(
    gateways: Gateways, otherwise: dict[str, Any], said: str
) -> None:
    await make(gateways, **otherwise)
    with pytest.raises(LogError, match=rf"{gateways.name}_log on .* is not as the log needs it: {said}"):
        await gateways.open()


async def test_replicas_that_were_configured_have_to_be_there(gateways: Gateways) -> None:
    await make(gateways)
    gateways.replicas = 3
    with pytest.raises(LogError, match=r"num_replicas should be 3|because of replicas > 1"):
        await gateways.open()


async def test_a_stream_that_was_made_anew_is_another_log(gateways: Gateways, caplog: pytest.LogCaptureFixture) -> None:
    log = await gateways.open()
    first = log.log_id
    for stream in log._names[:3]:
        await log._connection.streams.delete_stream(stream)
    await log.aclose()
    assert (await gateways.open()).log_id != first
    assert "is not of the log that is there now" in caplog.text
    caplog.clear()


async def test_servers_that_take_too_little_at_once_are_refused(own_gateways: Gateways) -> None:
    own_gateways.server.kill()
    own_gateways.server.configure({"max_payload": 65536})
    await asyncio.to_thread(own_gateways.server.start)
    with pytest.raises(LogError, match=r"take messages of 65536 bytes at most, .* raise max_payload"):
        await own_gateways.open()


async def test_what_to_do_is_said_where_the_log_was_emptied(gateways: Gateways) -> None:
    log = await gateways.open(0)
    await append_many(log, range(5))
    await log._connection.streams.purge_stream(log._names.log)
    assert await log.append(an_arrival(5)) == 6, "who has them goes on"
    with pytest.raises(LogError, match="restore the streams from a backup, or begin with the file of another"):
        await gateways.open(1)
    await log.aclose()
    shutil.copy(gateways.copy(0), gateways.copy(1))
    assert await everything(await gateways.open(1)) == await everything(await gateways.open(0))
