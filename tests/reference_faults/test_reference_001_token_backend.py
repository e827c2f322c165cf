"""Faults of reference 001: a backend that creates Vonage sessions and hands out tokens.

What it answers is answered here too, where that is configured: `tests/gateway/joining/test_sample_backend.py`.
"""

import asyncio
from pathlib import Path

import jwt
import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.gateway import bearer, room_path
from tests.gateway.joining.front_end import front_end
from tests.providers.vonage.clinic import VISIT, clinic
from tests.providers.vonage.cloud import Cloud
from tests.providers.vonage.made import BEGIN, SESSION, created


async def test_sessions_are_in_a_dictionary_that_a_restart_empties(tmp_path: Path) -> None:
    """It forgets which session a room has: who comes after a restart is alone in a new one."""
    clock, cloud = FakeClock(BEGIN + 1_000), Cloud(verify_times=False)
    async with clinic(tmp_path, VISIT, cloud=cloud, clock=clock) as at:
        await at.happens(created("c1", BEGIN, "ana"))
        instance = at.room.instance
    async with clinic(tmp_path, VISIT, cloud=cloud, clock=clock) as at:
        await at.happens(created("c2", BEGIN + 2_000, "bob"))
        assert (at.room.instance, at.here()) == (instance, ["ana", "bob"])


async def test_everybody_is_a_moderator_by_default(tmp_path: Path) -> None:
    """It signs `role: moderator` for whoever asks; what a token says of its bearer must not help against a policy."""
    async with clinic(tmp_path, VISIT) as at:
        await at.happens(created("c1", BEGIN, "ana"), created("c2", BEGIN + 5, "bob"))
        await at.happens(created("c3", BEGIN + 9, "userId=eve&role=moderator"))
        eve = at.room.participant("c3")
        assert (eve and eve.role, at.removed()) == ("moderator", ["c3"])


async def test_who_may_do_what_is_not_asked(tmp_path: Path) -> None:
    """It asks nobody who they are: every caller gets what it has to give."""
    async with clinic(tmp_path, VISIT) as at:
        await at.happens(created("c1", BEGIN, "ana"))
        for headers, status in (({"Authorization": ""}, 401), ({"Authorization": bearer(scopes=["rooms:read"])}, 403)):
            answer = await at.gateway.http.post(room_path(SESSION) + "/end", json={"reason": "other"}, headers=headers)
            assert answer.status_code == status
        assert at.removed() == []


async def test_two_first_requests_at_once_make_two_sessions(tmp_path: Path) -> None:
    """It looks, asks the platform, and only then remembers: two who come first sit in two rooms."""
    async with front_end(tmp_path) as page:
        answers = await asyncio.gather(*(page.gets("/room/appt-17") for _ in range(10)))
        assert len({answer.json()["sessionId"] for answer in answers}) == 1
        assert page.cloud.paths("POST") == ["/session/create"]


async def test_the_session_of_a_name_is_another_one_after_a_restart(tmp_path: Path) -> None:
    cloud = Cloud(verify_times=False)
    async with front_end(tmp_path, cloud=cloud) as page:
        before = (await page.gets("/room/appt-17")).json()["sessionId"]
    async with front_end(tmp_path, cloud=cloud) as page:
        assert (await page.gets("/room/appt-17")).json()["sessionId"] == before
    assert cloud.paths("POST") == ["/session/create"]


async def test_every_token_makes_a_moderator(tmp_path: Path) -> None:
    """Whoever can reach its address may disconnect everybody else, out of the browser."""
    async with front_end(tmp_path) as page:
        for path in ("/room/appt-17", "/room/appt-17?role=moderator", "/session"):
            token = (await page.gets(path)).json()["token"]
            assert jwt.decode(token, options={"verify_signature": False})["role"] == "publisher"


@pytest.mark.parametrize("name", ["constructor", "__proto__", "toString", "hasOwnProperty"])
async def test_some_names_are_members_of_its_dictionary_already(tmp_path: Path, name: str) -> None:
    """It answers with whatever every object of its language has, instead of a session."""
    async with front_end(tmp_path) as page:
        made = [(await page.gets(path)).json()["sessionId"] for path in (f"/room/{name}", f"/room/{name}", "/room/x")]
        assert all(isinstance(session, str) and session.startswith("1_") for session in made)
        assert made[0] == made[1] != made[2]


@pytest.mark.parametrize("name", ["a%2Fb", "%2e%2e", "x" * 65, "a b", "%00", "<script>", "r\u00f6m"])
async def test_a_room_may_be_called_anything(tmp_path: Path, name: str) -> None:
    async with front_end(tmp_path) as page:
        answer = await page.gets(f"/room/{name}")
        assert answer.status_code in (400, 404)
        assert page.cloud.paths("POST") == []


async def test_errors_tell_what_goes_on_inside(tmp_path: Path) -> None:
    """It appends the error of the platform's client to what it says to anybody."""
    async with front_end(tmp_path) as page:
        page.cloud.refuses_sessions = "the-words-of-the-platform"
        answer = await page.gets("/room/appt-17")
        assert (answer.status_code, list(answer.json())) == (500, ["error"])
        assert "the-words" not in answer.text
        assert "credentials" not in answer.text
