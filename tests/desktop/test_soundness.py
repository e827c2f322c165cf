"""What no frame tells of, in a real window; and gateways of other versions, by real HTTP."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication, QLabel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from moderator.client.link import Link
from moderator.clock import SystemClock
from moderator.desktop.preferences import Preferences
from moderator.desktop.session import DesktopSession, GatewayAccess
from moderator.desktop.soundness import Soundness
from moderator.desktop.theme.look import Look
from moderator.domain.events import Unknown
from moderator.feed.audit import Verified
from moderator.feed.codec import encode_event
from moderator.feed.messages import FoldBase, events_frame, heartbeat_frame, snapshot_frames
from tests.fakes.builders import joined
from tests.fakes.desk import a_desk
from tests.fakes.desktop import MAYA, NOW, a_store
from tests.fakes.serving import served
from tests.fakes.window import CALM, OpenWindow, opened, until

LIVE = Link("live", "connected")
NEWER = replace(MAYA, version="99.0.0")
OLDER = replace(MAYA, version="0.0.1", features=("extend", "disconnect", "block", "revoke", "end", "owner", "hold"))


def soundness(open_: OpenWindow, folder: Path, gateway: str = "https://a") -> Soundness:
    return Soundness(open_.window, open_.store, Preferences(folder / "window.ini"), gateway)


async def test_an_audit_that_was_changed_is_said_until_it_was_checked_again(look: Look, tmp_path: Path) -> None:
    bad = Verified(records=9, checkpoints=2, unvouched=0, problem="it was changed", seq=7)
    good = Verified(records=1_204, checkpoints=2, unvouched=0)
    async with opened(a_store(CALM), look, tmp_path) as open_:
        strip, bar = open_.window.strip, open_.window.source_bar
        open_.store.link_changed(LIVE)
        soundness(open_, tmp_path).audit_checked(bad)
        assert (strip.state, "first bad record is 7" in strip.text) == ("audit_broken", True)
        soundness(open_, tmp_path, "https://b")
        assert strip.text == "", "another gateway has another log"
        again = soundness(open_, tmp_path)
        assert strip.state == "audit_broken", "also after a restart"
        again.audit_checked(good)
        assert strip.text == ""
        assert "Audit: 1,204 records verified" in [label.text() for label in bar.findChildren(QLabel)]


@pytest.mark.parametrize(("me", "said"), [(NEWER, "an update of this program is due"), (OLDER, "locking rooms")])
async def test_versions_that_do_not_fit_are_said_once(look: Look, tmp_path: Path, me: Any, said: str) -> None:
    async with opened(a_store(CALM), look, tmp_path) as open_:
        strip = open_.window.strip
        watching = soundness(open_, tmp_path)
        open_.store.link_changed(LIVE)
        open_.store.signed_in(me)
        assert (strip.state, said in strip.text) == ("versions", True)
        strip.pressed.emit()
        assert strip.state is None
        open_.store.signed_in(me)
        assert strip.state is None
        assert watching.parent() is open_.window


async def test_that_versions_do_not_fit_is_over_with_an_update(look: Look, tmp_path: Path) -> None:
    async with opened(a_store(CALM), look, tmp_path) as open_:
        strip = open_.window.strip
        watching = soundness(open_, tmp_path)
        open_.store.link_changed(LIVE)
        open_.store.signed_in(OLDER)
        open_.store.signed_in(MAYA)
        assert strip.text == ""
        open_.store.signed_in(OLDER)
        assert strip.state == "versions"
        assert watching.parent() is open_.window


async def test_a_kind_of_tomorrow_says_that_an_update_is_due(look: Look, tmp_path: Path) -> None:
    async with opened(a_store(CALM), look, tmp_path) as open_:
        watching = soundness(open_, tmp_path)
        open_.store.link_changed(LIVE)
        open_.store.tell(replace(joined("p", NOW), data=Unknown(unknown_kind="weather", members={})))
        assert watching.parent() is not None
        assert "an update of this program is due" in open_.window.strip.text


# --- by real HTTP --------------------------------------------------------------------------------------------------


def another_gateway(me: dict[str, Any], *news: bytes) -> Starlette:
    """A gateway of another version, as far as the window asks it."""
    seq = 11 if news else 10

    async def chunks() -> AsyncIterator[bytes]:
        for frame in (*snapshot_frames("log", 10, NOW, [], [], FoldBase()), *news):
            yield frame
        while True:
            yield heartbeat_frame("log", seq, seq, NOW, [])
            await asyncio.sleep(0.02)

    async def feed(_: Request) -> Response:
        return StreamingResponse(chunks(), media_type="text/event-stream")

    async def told(request: Request) -> Response:
        return JSONResponse(me if request.url.path == "/v1/me" else {"now": SystemClock().now_ms()})

    return Starlette(routes=[Route("/v1/feed", feed), Route("/v1/me", told), Route("/v1/time", told)])


def tomorrow() -> bytes:
    event = encode_event(joined("p", NOW))
    waved = event.replace(b'"participant_joined"', b'"participant_waved"').replace(b'"late":false', b'"mood":[1]')
    return events_frame("log", 10, 11, NOW, [waved])


@pytest.mark.parametrize(
    ("me", "news", "said"),
    [
        ({"name": "Maya", "scopes": ["rooms:read"], "shoe_size": 43}, (), ""),
        ({"name": "Maya", "scopes": ["rooms:read"], "version": "99.1.0"}, (), "an update of this program is due"),
        ({"name": "Maya", "scopes": []}, (tomorrow(),), "an update of this program is due"),
        (
            {"name": "Maya", "scopes": [], "version": "0.0.3", "features": ["extend"]},
            (),
            "until the gateway is updated",
        ),
    ],
)
async def test_a_gateway_of_another_version_is_met_with_a_sentence(
    qapp: QApplication, tmp_path: Path, me: dict[str, Any], news: tuple[bytes, ...], said: str
) -> None:
    async with served(another_gateway(me, *news)) as url:
        session = DesktopSession(access=GatewayAccess(url, "a-token"))
        async with a_desk(qapp, tmp_path / "window", session) as desk:
            await until(lambda: desk.says("Live") and desk.store.me)
            await until(lambda: said in desk.window.strip.text)


async def everywhere_a_page(scope: Any, receive: Any, send: Any) -> None:
    await HTMLResponse("<!DOCTYPE html><title>Airport</title>Sign in to fly")(scope, receive, send)


async def nothing_anywhere(scope: Any, receive: Any, send: Any) -> None:
    await HTMLResponse("<html>nothing here</html>", 404)(scope, receive, send)


@pytest.mark.parametrize(
    ("app", "said"),
    [(everywhere_a_page, "it is a web page"), (nothing_anywhere, "omething else than a gateway answers")],
)
async def test_what_is_no_gateway_is_said_and_shows_nothing(
    qapp: QApplication, tmp_path: Path, app: Any, said: str
) -> None:
    async with served(app) as url:
        session = DesktopSession(access=GatewayAccess(url, "a-token"))
        async with a_desk(qapp, tmp_path / "window", session) as desk:
            await until(lambda: said in desk.window.strip.text)
            assert not desk.store.ready
