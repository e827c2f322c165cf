from typing import Any

import pytest
from starlette.responses import Response

from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.providers.errors import BadSignature, Gone, NotSupported, Rejected
from moderator.providers.provider import ACTIONS, Provider
from moderator.providers.stream import StreamProvider
from moderator.providers.stream.options import StreamOptions
from tests.providers.stream.cloud import Cloud, refusal
from tests.providers.stream.made import (
    ANA,
    BOB,
    CID,
    HOUR_MS,
    call,
    delivery,
    joined,
    options,
    participant,
    session,
    target,
)
from tests.providers.stream.made import ns as in_ns


@pytest.fixture
def provider(cloud: Cloud, http: HttpClient) -> Provider:
    return StreamProvider("clinic", options(base_url=cloud.url), http, SystemClock())


async def test_it_is_a_provider(provider: Provider) -> None:
    kind: Any = StreamProvider
    assert kind.Options is StreamOptions
    assert set(provider.capabilities) == set(ACTIONS)
    not_done = {action: found.why for action, found in provider.capabilities.items() if found.by != "provider"}
    assert not_done == {"tell": "Stream's events go to everybody in the call"}
    assert provider.finds_rooms


async def test_a_delivery_that_is_signed(provider: Provider) -> None:
    body = delivery(joined(ANA, "ana")).body
    provider.authenticate(delivery(body, dict(provider.sign(options(), {}, body))))
    assert [one.kind for one in provider.parse(delivery(body))] == ["participant_joined"]
    with pytest.raises(BadSignature):
        provider.authenticate(delivery(body))


@pytest.mark.parametrize(
    ("user", "block", "expected"),
    [("ana", True, "blocked_by_provider"), ("", True, "possible"), ("ana", False, "possible")],
)
async def test_what_keeps_a_person_out(provider: Provider, user: str, block: bool, expected: str) -> None:
    assert provider.rejoin(target(user=user), block=block) == expected


async def test_what_lists_and_limits_are_about(cloud: Cloud, provider: Provider) -> None:
    begin = SystemClock().now_ms() // 1000 * 1000
    here = session(participant(ANA, "ana"), started_at=in_ns(begin), ends_at=begin + HOUR_MS)
    cloud.calls = {CID: call(here, limit_s=3600)}
    ends_at = begin + HOUR_MS + 60_000
    assert await provider.extend(target(), begin + HOUR_MS, ends_at) == ends_at
    for listing in (await provider.list_rooms([]), await provider.list_room(CID)):
        assert [(one.room, one.ends_at) for one in listing.rooms] == [(CID, ends_at)]


async def test_somebody_who_is_gone_is_removed_and_readmitted(cloud: Cloud, provider: Provider) -> None:
    cloud.answers = [refusal(16, 404), refusal(16, 404), refusal(16, 404)]
    await provider.disconnect(target(), block=True)
    await provider.readmit(target())
    with pytest.raises(Gone):
        await provider.end_room(target())
    assert [one.path.rpartition("/")[2] for one in cloud.asked] == ["kick", "unblock", "mark_ended"]


async def test_muting_is_about_a_person_with_or_without_known_streams(cloud: Cloud, provider: Provider) -> None:
    await provider.mute(target(streams=(f"{BOB}/audio",)))
    await provider.mute(target())
    first, second = cloud.bodies("/mute_users")
    assert first == second
    assert first["user_ids"] == ["guest-42"]
    assert cloud.bodies("/user_permissions") == []


async def test_a_microphone_is_taken_before_it_is_turned_off_and_given_back(cloud: Cloud, provider: Provider) -> None:
    await provider.revoke(target())
    assert [one.path.rpartition("/")[2] for one in cloud.asked] == ["user_permissions", "mute_users"]
    await provider.restore(target())
    changes = [
        {key: value for key, value in one.items() if key != "user_id"} for one in cloud.bodies("/user_permissions")
    ]
    assert changes == [{"revoke_permissions": ["send-audio"]}, {"grant_permissions": ["send-audio"]}]


async def test_a_microphone_that_cannot_be_taken_is_not_said_to_be(cloud: Cloud, provider: Provider) -> None:
    cloud.answers = [Response(status_code=400)]
    with pytest.raises(Rejected):
        await provider.revoke(target())


@pytest.mark.parametrize(
    ("track", "off", "taken"),
    [
        ("screenshare", {"screenshare", "screenshare_audio"}, [["screenshare"]]),
        ("video", {"video"}, []),
        ("audio", {"audio"}, []),
    ],
)
async def test_stopping_a_stream(
    cloud: Cloud, provider: Provider, track: str, off: set[str], taken: list[list[str]]
) -> None:
    await provider.stop_stream(target(streams=(f"{BOB}/{track}",)))
    (muted,) = cloud.bodies("/mute_users")
    assert set(muted) - {"user_ids", "muted_by_id"} == off
    assert [one["revoke_permissions"] for one in cloud.bodies("/user_permissions")] == taken


@pytest.mark.parametrize("streams", [(), ("nonsense",), (f"{BOB}/everything",)])
async def test_a_stream_that_is_none(cloud: Cloud, provider: Provider, streams: tuple[str, ...]) -> None:
    with pytest.raises(Rejected, match="no such stream"):
        await provider.stop_stream(target(streams=streams))
    assert cloud.asked == []


async def test_nobody_can_be_told_alone(cloud: Cloud, provider: Provider) -> None:
    with pytest.raises(NotSupported, match="everybody in the call"):
        await provider.tell(target(), "you")
    assert cloud.asked == []


async def test_a_message(cloud: Cloud, provider: Provider) -> None:
    await provider.send_message(target(), "hello")
    assert cloud.bodies("/event") == [{"user_id": "moderator", "custom": {"type": "moderator", "text": "hello"}}]
