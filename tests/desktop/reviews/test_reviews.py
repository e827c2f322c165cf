"""Review windows are opened once, and by few keys."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from moderator.client.scopes import lacking_scope
from moderator.desktop.orders.intents import Intent
from moderator.desktop.reviews.audit.audit_window import AuditWindow
from moderator.desktop.reviews.sessions.sessions_window import SessionsWindow
from moderator.desktop.theme.look import Look
from moderator.feed.session import FeedSession
from tests.fakes.desktop import a_room, a_store
from tests.fakes.reviews import REVIEWER, WATCHER, OpenReviews, open_reviews
from tests.fakes.window import opened, until

Key = Qt.Key


@pytest.fixture
async def open_(look: Look) -> AsyncIterator[OpenReviews]:
    async with open_reviews(look) as open_:
        yield open_


async def test_there_is_one_of_each(open_: OpenReviews) -> None:
    first = await open_.audit()
    assert await open_.audit() is first
    await open_.policy()
    assert first.isVisible()
    assert not first.isModal()


async def test_escape_closes_and_it_can_be_opened_again(open_: OpenReviews) -> None:
    window = await open_.audit()
    open_.hands.press(Key.Key_Escape)
    assert not window.isVisible()
    assert (await open_.audit()).isVisible()


async def test_another_person_takes_the_place_of_the_one_before(open_: OpenReviews) -> None:
    await open_.sessions(user="bill")
    window = await open_.sessions(user="lee")
    assert window.windowTitle() == "Sessions of Dr Lee"
    assert open_.window(SessionsWindow) is window


async def test_f5_asks_again(open_: OpenReviews) -> None:
    await open_.audit()
    open_.hands.press(Key.Key_F5)
    await until(lambda: len(open_.answers.asked) == 2)


async def test_who_signs_out_leaves_nothing_to_read(open_: OpenReviews) -> None:
    window = await open_.audit()
    open_.store.forget(FeedSession())
    assert not window.isVisible()
    assert [one for one in open_.main.findChildren(AuditWindow) if one.isVisible()] == []


async def test_one_letter_on_a_person_opens_their_sessions(look: Look, tmp_path: Path) -> None:
    room = a_room()
    async with opened(a_store(room, me=REVIEWER), look, tmp_path) as open_:
        wishes: list[Intent] = []
        open_.routing.review_wanted.connect(wishes.append)
        open_.window.show_room(room.key)
        open_.window.pane.take_focus()
        open_.hands.press(Key.Key_Q)
        assert wishes == [Intent(action="sessions", room=room.key, participant="bill", user="bill")]
        assert open_.hands.pressed == 1


async def test_without_the_scope_the_wish_is_refused_with_its_name(look: Look, tmp_path: Path) -> None:
    room = a_room()
    async with opened(a_store(room, me=WATCHER), look, tmp_path) as open_:
        wishes: list[Intent] = []
        open_.routing.review_wanted.connect(wishes.append)
        open_.routing.want(Intent(action="sessions", room=room.key, participant="lee", user="lee"))
        notice = open_.window.notices.notice
        assert notice is not None
        assert notice.text == lacking_scope("stats:read")
        assert wishes == []
