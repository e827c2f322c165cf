"""What Vonage's sample front ends get from us: the very shape that they were written for, and no more than that."""

import json
from pathlib import Path

import jwt
import pytest

from moderator.domain.accounting import CredentialsIssued, CredentialsRefused
from moderator.domain.events import Actor
from moderator.domain.settings import RoomType
from moderator.providers.vonage import VonageProvider
from tests.fakes.gateway import WEBHOOK, GatewayInProcess
from tests.gateway.joining.front_end import PAGE, front_end
from tests.providers.vonage.clinic import VISIT
from tests.providers.vonage.made import API_KEY, APPLICATION, BEGIN, connection, event, vonage_options

LISTED = RoomType(name="listed", allow="listed", mode="enforce")


async def test_a_room_is_answered_in_the_sample_s_shape(tmp_path: Path) -> None:
    async with front_end(tmp_path) as page:
        answer = await page.gets("/room/appt-17")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["cache-control"] == "no-store"
        told = answer.json()
        assert set(told) == {"applicationId", "sessionId", "token"}
        assert told["applicationId"] == APPLICATION
        claims = jwt.decode(told["token"], options={"verify_signature": False})
        assert (claims["session_id"], claims["connection_data"]) == (told["sessionId"], "")
        assert claims["exp"] - claims["iat"] == 15 * 60
        again = (await page.gets("/room/appt-17")).json()
        assert again["sessionId"] == told["sessionId"]
        assert again["token"] != told["token"]


async def test_the_older_environment_has_a_key_instead_of_an_application(tmp_path: Path) -> None:
    async with front_end(tmp_path, legacy=True) as page:
        told = (await page.gets("/room/appt-17")).json()
        assert (set(told), told["apiKey"]) == ({"apiKey", "sessionId", "token"}, API_KEY)


async def test_the_session_is_the_room_of_that_name(tmp_path: Path) -> None:
    async with front_end(tmp_path) as page:
        answer = await page.gets("/session", follow=False)
        assert (answer.status_code, answer.headers["location"]) == (302, "/room/session")
        assert (await page.gets("/session")).json()["sessionId"] == (await page.gets("/room/session")).json()[
            "sessionId"
        ]


async def test_nothing_is_there_where_nothing_is_configured(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        for path in ("/session", "/room/appt-17"):
            assert (await gateway.http.get(path, headers={"Authorization": ""})).status_code == 404


async def test_a_full_room_is_full_here_too(tmp_path: Path) -> None:
    async with front_end(tmp_path, VISIT) as page:
        session = (await page.gets("/room/appt-17")).json()["sessionId"]
        for number in (1, 2):
            person = connection(f"c{number}", BEGIN, f"userId=u-{number}")
            joined = {**event("connectionCreated", BEGIN + 150, connection=person), "sessionId": session}
            await hears(page.gateway, joined)
        answer = await page.gets("/room/appt-17")
        assert (answer.status_code, list(answer.json())) == (403, ["error"])
        assert answer.json()["error"].startswith("the room has as many people as it may have")
        (refused,) = await page.gateway.logged(CredentialsRefused)
        assert (refused.data, refused.actor) == (
            CredentialsRefused(room_name="appt-17", code="room_full"),
            Actor("application"),
        )


async def test_who_is_nobody_is_on_no_list(tmp_path: Path) -> None:
    async with front_end(tmp_path, LISTED) as page:
        answer = await page.gets("/room/appt-17")
        assert (answer.status_code, page.cloud.paths("POST")) == (403, [])


async def test_what_was_handed_out_is_recorded(tmp_path: Path) -> None:
    async with front_end(tmp_path) as page:
        told = (await page.gets("/room/appt-17")).json()
        (issued,) = await page.gateway.logged(CredentialsIssued)
        assert (issued.room, issued.actor.kind) == (told["sessionId"], "application")
        assert told["token"] not in page.gateway.config.log_path.read_bytes().decode("latin-1")


async def test_a_log_that_cannot_be_written_hands_nothing_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with front_end(tmp_path) as page:
        await page.gets("/room/appt-17")
        page.gateway.log.fails = True
        answer = await page.gets("/room/appt-17")
        assert (answer.status_code, list(answer.json())) == (500, ["error"])
        page.gateway.log.fails = False
    assert "credentials could not be recorded" in caplog.text


@pytest.mark.parametrize(
    ("configured", "origin", "expected"),
    [
        ("", PAGE, None),
        (PAGE, PAGE, PAGE),
        (PAGE, "https://evil.example", None),
        (PAGE, "null", None),
        (PAGE, "", None),
    ],
)
async def test_only_the_page_that_is_named_may_read(
    tmp_path: Path, configured: str, origin: str, expected: str | None
) -> None:
    async with front_end(tmp_path, origin=configured) as page:
        for path in ("/room/appt-17", "/room/a b"):
            answer = await page.gets(path, Origin=origin)
            assert answer.headers.get("access-control-allow-origin") == expected
            assert answer.headers.get("vary") == ("Origin" if configured else None)


async def test_who_asks_without_end_is_asked_to_wait(tmp_path: Path) -> None:
    async with front_end(tmp_path) as page:
        statuses = {(await page.gets("/room/a b")).status_code for _ in range(100)}
        refused = await page.gets("/room/appt-17")
        assert (statuses, refused.status_code, list(refused.json())) == ({400}, 429, ["error"])
        assert refused.headers["retry-after"] == "1"
        await page.gateway.advance(1_000)
        assert (await page.gets("/room/appt-17")).status_code == 200


async def hears(gateway: GatewayInProcess, body: dict[str, object]) -> None:
    """A callback of the cloud."""
    raw = json.dumps(body).encode()
    headers = dict(VonageProvider.sign(vonage_options(), {}, raw))
    assert (await gateway.http.post(WEBHOOK, content=raw, headers=headers)).status_code == 200
    await gateway.clock.settle()
