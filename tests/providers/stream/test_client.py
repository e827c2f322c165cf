import socket

import pytest
from starlette.responses import Response

from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.providers.errors import Gone, RateLimited, Rejected, Uncertain
from moderator.providers.provider import Target
from moderator.providers.stream.api import StreamApi
from moderator.providers.stream.client import SOUND, Client
from tests.providers.stream.cloud import Cloud, refusal
from tests.providers.stream.made import options, target


@pytest.fixture
def client(api: StreamApi) -> Client:
    return Client(api, "mod-1")


async def test_what_is_sent(cloud: Cloud, client: Client) -> None:
    await client.kick(target(), block=True)
    await client.unblock(target())
    await client.mute(target(), SOUND)
    await client.revoke(target(), "screenshare")
    await client.grant(target(), "send-audio")
    await client.end(target())
    await client.message(target(), "Five minutes left, ü")
    at = "/api/v2/video/call/appointment/room-7f3a"
    assert [(one.method, one.path, one.body) for one in cloud.asked] == [
        ("POST", f"{at}/kick", {"user_id": "guest-42", "block": True}),
        ("POST", f"{at}/unblock", {"user_id": "guest-42"}),
        (
            *("POST", f"{at}/mute_users"),
            {"user_ids": ["guest-42"], "audio": True, "screenshare_audio": True, "muted_by_id": "mod-1"},
        ),
        ("POST", f"{at}/user_permissions", {"user_id": "guest-42", "revoke_permissions": ["screenshare"]}),
        ("POST", f"{at}/user_permissions", {"user_id": "guest-42", "grant_permissions": ["send-audio"]}),
        ("POST", f"{at}/mark_ended", None),
        (
            *("POST", f"{at}/event"),
            {"user_id": "mod-1", "custom": {"type": "moderator", "text": "Five minutes left, ü"}},
        ),
    ]


async def test_nobody_is_meant_by_an_empty_user(cloud: Cloud, client: Client) -> None:
    nobody = target(user="")
    for asked in (client.kick(nobody, block=False), client.unblock(nobody), client.mute(nobody, SOUND)):
        with pytest.raises(Rejected, match="users only"):
            await asked
    assert cloud.asked == []


async def test_it_may_be_our_own_user_who_is_not_there(cloud: Cloud, client: Client) -> None:
    cloud.answers = [refusal(16, 404), refusal(16, 404)]
    for asked in (client.mute(target(), SOUND), client.message(target(), "hello")):
        with pytest.raises(Gone, match=r"no user 'mod-1', whom moderator_user names"):
            await asked


async def test_a_message_that_is_too_long(cloud: Cloud, client: Client) -> None:
    with pytest.raises(Rejected, match="4096 bytes"):
        await client.message(target(), "ü" * 2049)
    assert cloud.asked == []


async def test_a_message_is_not_sent_again_where_it_may_have_arrived(
    cloud: Cloud, client: Client, http: HttpClient
) -> None:
    cloud.answers = [Response(status_code=500), Response(status_code=429)]
    with pytest.raises(Uncertain, match="not sent again") as raised:
        await client.message(target(), "hello")
    assert not raised.value.temporary
    with pytest.raises(RateLimited):
        await client.message(target(), "hello")
    away = Client(StreamApi(options(base_url="http://127.0.0.1:1"), http, SystemClock()), "mod-1")
    with pytest.raises(Uncertain):
        await away.message(target(), "hello")


async def test_a_message_without_an_answer_is_uncertain(monkeypatch: pytest.MonkeyPatch, http: HttpClient) -> None:
    monkeypatch.setattr("moderator.providers.stream.client.MESSAGE_TIMEOUT_S", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        client = Client(StreamApi(options(base_url=url), http, SystemClock()), "mod-1")
        with pytest.raises(Uncertain, match="did not answer in time"):
            await client.message(Target(room="a:b"), "hello")
