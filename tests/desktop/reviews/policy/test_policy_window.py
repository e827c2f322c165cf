"""The policy report, asked and answered."""

from collections.abc import AsyncIterator

import pytest

from moderator.client.errors import GatewayUnreachable
from moderator.desktop.theme.look import Look
from tests.fakes.desktop import a_room, a_store
from tests.fakes.reviews import WATCHER, OpenReviews, a_report, open_reviews
from tests.fakes.window import until


@pytest.fixture
async def open_(look: Look) -> AsyncIterator[OpenReviews]:
    async with open_reviews(look) as open_:
        yield open_


async def test_the_last_day_is_there_without_a_choice(open_: OpenReviews) -> None:
    open_.answers.report = a_report("max_people", "lock")
    window = await open_.policy()
    assert open_.answers.asked == [24]
    assert (window.table.rows.rowCount(), window.totals.rows.rowCount()) == (2, 2)
    assert "would have acted 2 times" in window.headline.text
    assert window.note.isVisible()


@pytest.mark.parametrize(("place", "hours"), [(0, 1), (2, 168)])
async def test_another_time_can_be_chosen(open_: OpenReviews, place: int, hours: int) -> None:
    window = await open_.policy()
    window._spans.buttons()[place].click()
    await until(lambda: not window.asking.busy)
    assert open_.answers.asked == [24, hours]


async def test_nothing_is_said_in_words(open_: OpenReviews) -> None:
    open_.answers.report = a_report()
    window = await open_.policy()
    assert window.table.panel.text.startswith("Nothing would have been done since ")
    assert 'mode = "observe"' in window.table.panel.text
    assert not any(one.isVisible() for one in (window.totals, window.headline, window.note))


async def test_without_the_scope_it_is_named(look: Look) -> None:
    async with open_reviews(look, a_store(a_room(), me=WATCHER)) as open_:
        window = await open_.policy()
        assert "(audit:read). Whoever manages access" in window.table.panel.text
        assert not any(chip.isEnabled() for chip in window._spans.buttons())
        assert open_.answers.asked == []


async def test_before_there_is_a_connection_that_is_said(open_: OpenReviews) -> None:
    open_.reviews.questions = None
    window = await open_.policy()
    assert "not connected yet" in window.table.panel.text
    open_.reviews.questions = open_.answers.questions()
    window.table.panel.button.click()
    await until(lambda: window.table.rows.rowCount() == 1)


async def test_a_gateway_that_is_away_can_be_asked_again(open_: OpenReviews) -> None:
    open_.answers.error = GatewayUnreachable("it cannot be reached")
    window = await open_.policy()
    assert "It cannot be reached." in window.table.panel.text
    open_.answers.error = None
    window.table.panel.button.click()
    await until(lambda: window.table.rows.rowCount() == 1)
