import asyncio
import json
from collections.abc import Awaitable
from pathlib import Path

import pytest

from moderator.clock import SystemClock
from moderator.domain.events import ParticipantJoined, ParticipantLeft, SourceRestarted
from moderator.http import HttpClient
from moderator.providers.errors import Forbidden, NotSupported, Unavailable
from moderator.providers.janus import JanusProvider
from moderator.providers.janus.options import Options, credential_key, credential_of, issue_token
from moderator.providers.provider import ACTIONS, Admission, Delivery, ListedParticipant, ListedRoom, Provider, Target
from tests.end_to_end.janus_server import JanusServer, Webhooks
from tests.providers.janus.configured import options_for, provider_for
from tests.providers.janus.signalling import Participant
from tests.providers.janus.tiny_server import http as answering
from tests.providers.janus.tiny_server import tiny_server


def options_at(url: str) -> Options:
    return Options(
        base_url=url, admin_url=url, admin_secret="s", room_secret="rs", webhook_user="u", webhook_password="p"
    )


NOWHERE = options_at("http://127.0.0.1:1")


async def test_it_is_a_provider(http: HttpClient) -> None:
    provider: Provider = JanusProvider("clinic", NOWHERE, http, SystemClock())
    kind: type[Provider] = JanusProvider
    assert kind.Options is Options
    assert set(provider.capabilities) == set(ACTIONS)
    assert all(found.why for found in provider.capabilities.values() if found.by is None)


@pytest.mark.parametrize(
    ("user", "platform", "block", "expected"),
    [
        ("u", {"credential": "c"}, True, "blocked_by_provider"),
        ("u", {"session": "1"}, True, "blocked_by_gateway"),
        ("", {}, True, "possible"),
        ("u", {"credential": "c"}, False, "possible"),
    ],
)
async def test_what_keeps_a_person_out(
    http: HttpClient, user: str, platform: dict[str, str], block: bool, expected: str
) -> None:
    provider = JanusProvider("clinic", NOWHERE, http, SystemClock())
    assert provider.rejoin(Target(room="r", user=user, platform=platform), block=block) == expected


async def test_janus_carries_no_messages(http: HttpClient) -> None:
    provider = JanusProvider("clinic", NOWHERE, http, SystemClock())
    with pytest.raises(NotSupported):
        await provider.send_message(Target(room="r"), "hello")
    with pytest.raises(NotSupported):
        await provider.tell(Target(room="r", participant="1"), "you")


async def test_muting_and_stopping_silence_the_streams_named(http: HttpClient) -> None:
    """What Janus answers here is recorded; streams of its own need real media."""
    async with tiny_server(answering("200 OK", b'{"janus":"success","response":{"videoroom":"success"}}')) as server:
        provider = JanusProvider("clinic", options_at(server.url), http, SystemClock())
        await provider.mute(Target(room="r", participant="u", streams=("u:0", "u:3")))
        await provider.stop_stream(Target(room="r", participant="u", streams=("u:2",)))
    sent = [json.loads(body)["request"] for _, body in server.requests]
    moderate = {"request": "moderate", "room": "r", "id": "u", "secret": "rs", "mute": True}
    assert sent == [{**moderate, "mid": mid} for mid in ("0", "3", "2")]


async def test_one_room_is_one_request(http: HttpClient) -> None:
    people = b'{"janus":"success","response":{"participants":[{"id":"u","display":"Una","publisher":false}]}}'
    no_room = b'{"janus":"success","response":{"error_code":426}}'
    async with tiny_server(answering("200 OK", people), answering("200 OK", no_room)) as server:
        provider = JanusProvider("clinic", options_at(server.url), http, SystemClock())
        una = ListedParticipant(participant="u@", user="u", name="Una")
        found, none = await provider.list_room("r"), await provider.list_room("r")
    assert (found.rooms, found.complete) == ((ListedRoom(room="r", participants=(una,)),), True)
    assert (none.rooms, none.complete) == ((), True)
    sent = [json.loads(body)["request"] for _, body in server.requests]
    assert sent == [{"request": "listparticipants", "room": "r"}] * 2, "which needs no secret of ours"


async def test_a_search_that_fails_keeps_nobody_from_being_kicked(http: HttpClient) -> None:
    """The failure is told afterwards: the person is out of the room, but perhaps still receiving."""
    done = answering("200 OK", b'{"janus":"success","response":{"videoroom":"success"}}')
    async with tiny_server(answering("500 Oops"), done) as server:
        provider = JanusProvider("clinic", options_at(server.url), http, SystemClock())
        with pytest.raises(Unavailable):
            await provider.disconnect(Target(room="r", participant="u", platform={"session": "7"}), block=False)
    sent = [json.loads(body) for _, body in server.requests]
    assert [one.get("request", one)["request" if "request" in one else "janus"] for one in sent] == [
        "list_handles",
        "kick",
        "destroy_session",
    ]


# --- against a real Janus ------------------------------------------------------------------------------------------


def target_of(person: Participant, server: JanusServer, room: str, user: str, token: str = "") -> Target:
    """As the gateway makes it of what the join said."""
    credential = {"credential": credential_of(token, credential_key(options_for(server)))} if token else {}
    return Target(room=room, participant=user, user=user, platform={**person.platform, **credential})


async def a_little_later(step: Awaitable[None]) -> None:
    """When the client waits for news."""
    await asyncio.sleep(0.1)
    await step


def was_let_in(person: Participant) -> bool:
    return bool(person.joined["videoroom"] == "joined")


@pytest.mark.janus
@pytest.mark.parametrize("located", [False, True])
async def test_a_disconnected_person_is_told_and_cut_off(
    janus: JanusServer, http: HttpClient, provider: JanusProvider, located: bool
) -> None:
    await janus.create_room("r", allowed=["tok-a", "tok-b"])
    anna = await Participant(janus, http).join("r", "anna", "tok-a")
    bob = await Participant(janus, http).join("r", "bob", "tok-b")
    target = target_of(anna, janus, "r", "anna", "tok-a")
    if located:
        target = Target(room="r", participant="anna", user="anna")
    told, _ = await asyncio.gather(anna.event(), a_little_later(provider.disconnect(target, block=False)))
    assert (told["plugindata"]["data"]["leaving"], told["plugindata"]["data"]["reason"]) == ("ok", "kicked")
    assert not await anna.is_connected()
    assert await bob.is_connected()
    assert [found["id"] for found in await janus.list_participants("r")] == ["bob"]
    await provider.disconnect(target, block=False)
    assert was_let_in(await Participant(janus, http).join("r", "anna", "tok-a"))


@pytest.mark.janus
async def test_who_came_back_unnoticed_is_cut_off_too(
    janus: JanusServer, http: HttpClient, provider: JanusProvider
) -> None:
    await janus.create_room("r")
    before = await Participant(janus, http).join("r", "anna")
    await janus.admin({"janus": "destroy_session"}, f"/{before.session}")
    now = await Participant(janus, http).join("r", "anna")
    await provider.disconnect(target_of(before, janus, "r", "anna"), block=False)
    assert not await now.is_connected()


@pytest.mark.janus
async def test_a_blocked_person_stays_out_until_readmitted(
    janus: JanusServer, http: HttpClient, provider: JanusProvider
) -> None:
    await janus.create_room("r", allowed=["tok-a"])
    anna = await Participant(janus, http).join("r", "anna", "tok-a")
    target = target_of(anna, janus, "r", "anna", "tok-a")
    await provider.disconnect(target, block=True)
    assert not await anna.is_connected()
    # The list is empty now, and still in force.
    assert (await Participant(janus, http).join("r", "anna", "tok-a")).joined["error_code"] == 433
    assert (await Participant(janus, http).join("r", "zoe")).joined["error_code"] == 433
    await provider.disconnect(target, block=True)
    with pytest.raises(NotSupported, match="new invitation"):
        await provider_for(janus, http).readmit(Target(room="r", user="anna"))
    await provider.readmit(Target(room="r", user="anna"))
    assert was_let_in(await Participant(janus, http).join("r", "anna", "tok-a"))


@pytest.mark.janus
async def test_another_gateway_readmits_where_tokens_are_derived(janus: JanusServer, http: HttpClient) -> None:
    options = options_for(janus, token_secret="shared")
    token = issue_token(options, "r", "anna")
    await janus.create_room("r", allowed=[token])
    anna = await Participant(janus, http).join("r", "anna", token)
    await provider_for(janus, http).disconnect(target_of(anna, janus, "r", "anna", token), block=True)
    await provider_for(janus, http, token_secret="shared").readmit(Target(room="r", user="anna"))
    assert was_let_in(await Participant(janus, http).join("r", "anna", token))


@pytest.mark.janus
async def test_there_is_nothing_to_readmit_for_who_needed_no_token_or_whose_room_went(
    janus: JanusServer, http: HttpClient, provider: JanusProvider
) -> None:
    await janus.create_room("r", allowed=["tok-a"])
    anna = await Participant(janus, http).join("r", "anna", "tok-a")
    await provider.disconnect(target_of(anna, janus, "r", "anna", "tok-a"), block=True)
    await janus.destroy_room("r")
    await provider.readmit(Target(room="r", user="anna"))
    await provider.readmit(Target(room="r", user="bob", platform={"session": "1"}))


@pytest.mark.janus
async def test_a_room_with_a_secret_of_its_own_protects_nobody(
    janus: JanusServer, http: HttpClient, provider: JanusProvider
) -> None:
    await janus.create_room("r", allowed=["tok-a", "tok-b"], secret="another")
    anna = await Participant(janus, http).join("r", "anna", "tok-a")
    await provider.disconnect(target_of(anna, janus, "r", "anna", "tok-a"), block=False)
    assert not await anna.is_connected()
    bob = await Participant(janus, http).join("r", "bob", "tok-b")
    with pytest.raises(Forbidden, match="room_secret"):
        await provider.disconnect(target_of(bob, janus, "r", "bob", "tok-b"), block=True)
    assert not await bob.is_connected()


@pytest.mark.janus
async def test_everything_gone_is_a_success(janus: JanusServer, provider: JanusProvider) -> None:
    platform = {"session": "123", "handle": "4", "credential": "c"}
    target = Target(room="nowhere", participant="u", user="u", platform=platform)
    await provider.disconnect(target, block=True)
    await provider.end_room(target)


@pytest.mark.janus
async def test_a_room_ends_with_everybody_in_it(janus: JanusServer, http: HttpClient, provider: JanusProvider) -> None:
    await janus.create_room("r")
    await Participant(janus, http).join("r", "anna")
    await provider.end_room(Target(room="r"))
    await provider.end_room(Target(room="r"))
    assert (await provider.list_rooms([])).rooms == ()


@pytest.mark.janus
async def test_wrong_secrets_are_named(janus: JanusServer, http: HttpClient) -> None:
    await janus.create_room("r")
    anna = await Participant(janus, http).join("r", "anna")
    with pytest.raises(Forbidden, match="admin_secret"):
        await provider_for(janus, http, admin_secret="wrong").disconnect(
            target_of(anna, janus, "r", "anna"), block=False
        )
    with pytest.raises(Forbidden, match="room_secret"):
        await provider_for(janus, http, room_secret="wrong").end_room(Target(room="r"))


@pytest.mark.janus
@pytest.mark.usefixtures("needs_janus")
async def test_real_webhooks_tell_of_joins_kicks_and_restarts(tmp_path: Path, http: HttpClient) -> None:
    async with tiny_server() as receiver:
        hooks = Webhooks(url=receiver.url, password="webhook-password", max_retransmissions=0)
        async with JanusServer(tmp_path, webhooks=hooks) as janus:
            provider = provider_for(janus, http)
            await janus.create_room("r", allowed=["tok-a"])
            anna = await Participant(janus, http).join("r", "anna", "tok-a")
            target = target_of(anna, janus, "r", "anna", "tok-a")
            await provider.disconnect(target, block=True)
            await receiver.wait_for(b'"kicked"')
    received = [Delivery(headers, body, "127.0.0.1", 0) for headers, body in receiver.requests]
    for delivery in received:
        provider.authenticate(delivery)
    data = [event.data for delivery in received for event in provider.parse(delivery)]
    joined = ParticipantJoined(participant="anna@", user="anna", name="Is anna", platform=target.platform)
    assert [found for found in data if not isinstance(found, SourceRestarted)] == [
        joined,
        ParticipantLeft(participant="anna@", forced=True),
    ]
    assert isinstance(data[0], SourceRestarted)


# --- joining -------------------------------------------------------------------------------------------------------


def an_admission(room: str, user: str) -> Admission:
    return Admission(room=room, user=user, name=f"Is {user}", expires_at=SystemClock().now_ms() + 60_000)


async def test_without_a_secret_for_tokens_nobody_is_let_in(http: HttpClient) -> None:
    provider = JanusProvider("clinic", NOWHERE, http, SystemClock())
    with pytest.raises(NotSupported, match="token_secret"):
        await provider.open_room("r")
    with pytest.raises(NotSupported, match="token_secret"):
        await provider.credentials(an_admission("r", "u"))


@pytest.mark.janus
async def test_a_room_that_was_opened_lets_in_who_was_given_a_token(janus: JanusServer, http: HttpClient) -> None:
    provider = provider_for(janus, http, token_secret="the-secret-of-tokens")
    room = await provider.open_room("appt-17")
    assert (room, await provider.open_room("appt-17")) == ("appt-17", "appt-17")
    given = await provider.credentials(an_admission(room, "anna"))
    assert {key: given[key] for key in ("url", "room", "user", "display")} == {
        **{"url": janus.base_url, "room": room},
        **{"user": "anna", "display": "Is anna"},
    }
    refused = [await Participant(janus, http).join(room, "eve", token) for token in (None, "", "x" * 64)]
    assert [one.joined.get("error_code") for one in refused] == [433, 433, 433]
    other = await provider.credentials(an_admission(await provider.open_room("appt-18"), "anna"))
    assert not was_let_in(await Participant(janus, http).join(room, "anna", other["token"]))
    assert was_let_in(await Participant(janus, http).join(given["room"], given["user"], given["token"]))
    (listed,) = (await provider.list_room(room)).rooms[0].participants
    assert (listed.user, listed.name) == ("anna", "Is anna")


@pytest.mark.janus
async def test_who_was_blocked_needs_a_moderator_and_not_only_a_new_token(janus: JanusServer, http: HttpClient) -> None:
    provider = provider_for(janus, http, token_secret="the-secret-of-tokens")
    room = await provider.open_room("appt-17")
    token = (await provider.credentials(an_admission(room, "anna")))["token"]
    anna = await Participant(janus, http).join(room, "anna", token)
    await provider.disconnect(target_of(anna, janus, room, "anna", token), block=True)
    assert not was_let_in(await Participant(janus, http).join(room, "anna", token))


@pytest.mark.janus
async def test_a_room_that_is_gone_is_made_again_for_who_joins(janus: JanusServer, http: HttpClient) -> None:
    """A Janus that was started anew has forgotten its rooms, and the gateway has not."""
    provider = provider_for(janus, http, token_secret="the-secret-of-tokens")
    room = await provider.open_room("appt-17")
    await janus.destroy_room(room)
    given = await provider.credentials(an_admission(room, "anna"))
    assert not was_let_in(await Participant(janus, http).join(room, "eve"))
    assert was_let_in(await Participant(janus, http).join(given["room"], "anna", given["token"]))


@pytest.mark.janus
async def test_where_ids_are_integers_janus_makes_one_up(janus_with_integers: JanusServer, http: HttpClient) -> None:
    provider = provider_for(janus_with_integers, http, token_secret="the-secret-of-tokens")
    room = await provider.open_room("appt-17")
    assert room.isdigit()
    given = await provider.credentials(an_admission(room, "17"))
    assert not was_let_in(await Participant(janus_with_integers, http).join(int(room), 18))
    assert was_let_in(await Participant(janus_with_integers, http).join(int(room), 17, given["token"]))
    rooms = await janus_with_integers.list_rooms()
    assert [one["description"] for one in rooms if one["room"] == int(room)] == ["appt-17"]
