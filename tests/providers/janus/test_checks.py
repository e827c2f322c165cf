from pathlib import Path

import pytest

from moderator.http import HttpClient
from moderator.providers.janus import JanusProvider
from moderator.providers.provider import Finding
from tests.end_to_end.janus_server import JanusServer, Webhooks
from tests.providers.janus.configured import provider_for
from tests.providers.janus.tiny_server import tiny_server

pytestmark = pytest.mark.janus
URL = "https://moderation.example.org/webhooks/clinic"


def faults(findings: list[Finding]) -> list[str]:
    assert all(found.remedy for found in findings if not found.ok)
    return [found.what for found in findings if not found.ok]


def about(findings: list[Finding], word: str) -> Finding:
    (found,) = [one for one in findings if word in one.what]
    return found


@pytest.mark.usefixtures("needs_janus")
async def test_a_good_janus_has_no_faults(tmp_path: Path, http: HttpClient) -> None:
    async with tiny_server() as receiver, JanusServer(tmp_path, webhooks=Webhooks(url=receiver.url)) as janus:
        await janus.create_room("r")
        await janus.create_room("listed", allowed=["token"])
        findings = await provider_for(janus, http).check(URL)
        assert await janus.videoroom({"request": "exists", "room": "r"})
        await receiver.wait_for(b"moderator.check")
    assert faults(findings) == []
    assert len(findings) == 7
    assert not [found for found in findings if found.remedy]
    assert "2 of 2 rooms were asked" in about(findings, "with room_secret").what


async def test_without_events_the_remedy_is_the_configuration(janus: JanusServer, provider: JanusProvider) -> None:
    found = about(await provider.check(URL), "report events")
    assert not found.ok
    assert f'backend = "{URL}"' in found.remedy
    assert "max_retransmissions = 10" in found.remedy
    assert "webhook-password" not in found.remedy


async def test_rooms_that_let_people_watch_unseen_are_named(janus: JanusServer, provider: JanusProvider) -> None:
    for number in range(7):
        await janus.create_room(f"loose-{number}", require_pvtid=False)
    await janus.create_room("tight")
    found = about(await provider.check(URL), "unseen")
    assert not found.ok
    assert "loose-0, loose-1, loose-2, loose-3, loose-4 and 2 more" in found.what
    assert "require_pvtid" in found.remedy


async def test_rooms_with_another_secret_are_named(janus: JanusServer, provider: JanusProvider) -> None:
    await janus.create_room("foreign", secret="another")
    found = about(await provider.check(URL), "refuse room_secret")
    assert "foreign" in found.what


async def test_a_room_that_needs_no_secret_is_no_success(janus: JanusServer, http: HttpClient) -> None:
    await janus.videoroom({"request": "create", "room": "r", "admin_key": janus.admin_key})
    found = about(await provider_for(janus, http, room_secret="").check(URL), "without a secret")
    assert not found.ok


async def test_where_no_room_is_nothing_is_said_of_rooms(janus: JanusServer, provider: JanusProvider) -> None:
    whats = [found.what for found in await provider.check(URL)]
    assert "VideoRoom lists its rooms (0 now)." in whats
    assert not [what for what in whats if "room_secret" in what or "private ids" in what]


@pytest.mark.parametrize("secret", ["wrong", ""])
async def test_the_api_secret_is_tried(janus: JanusServer, http: HttpClient, secret: str) -> None:
    findings = await provider_for(janus, http, api_secret=secret).check(URL)
    assert not about(findings, "api_secret").ok


async def test_the_check_leaves_no_session(janus: JanusServer, provider: JanusProvider) -> None:
    assert about(await provider.check(URL), "opens a session").ok
    assert await janus.sessions() == []


async def test_the_admin_key_is_tried(janus: JanusServer, http: HttpClient) -> None:
    missing = await provider_for(janus, http, admin_key="").check(URL)
    assert not about(missing, "Without admin_key").ok
    wrong = await provider_for(janus, http, admin_key="wrong").check(URL)
    assert "admin_key" in about(wrong, "rooms cannot be listed").remedy
    assert not [found for found in wrong if "admin_key" in found.what]


@pytest.mark.parametrize(
    ("changes", "fault", "remedy"),
    [
        ({"admin_secret": "wrong"}, "The Admin API cannot be used.", "admin_secret"),
        ({"admin_url": "http://127.0.0.1:1/admin"}, "The Admin API cannot be used.", "127.0.0.1:1"),
        ({"base_url": "http://127.0.0.1:1/janus"}, "The Janus API: 127.0.0.1:1 cannot be reached", "base_url"),
    ],
)
async def test_what_cannot_be_reached_is_said(
    janus: JanusServer, http: HttpClient, changes: dict[str, str], fault: str, remedy: str
) -> None:
    findings = await provider_for(janus, http, **changes).check(URL)
    (found,) = [one for one in findings if not one.ok and one.what.startswith(fault)]
    assert remedy in found.remedy


async def test_the_apis_are_told_apart(janus: JanusServer, http: HttpClient) -> None:
    swapped = await provider_for(janus, http, base_url=janus.admin_url, admin_url=janus.base_url).check(URL)
    assert "not an Admin API" in about(swapped, "The Admin API").remedy
