"""The review windows as a screen reader and a keyboard meet them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from moderator.desktop.reviews.review_window import ReviewWindow
from moderator.desktop.theme.look import Look
from tests.accessibility.test_main_window import interface, nameless, namesakes
from tests.fakes.reviews import OpenReviews, open_reviews
from tests.fakes.window import until

Opener = Callable[[OpenReviews], Awaitable[ReviewWindow]]
OPENERS: Final[list[Opener]] = [
    lambda open_: open_.audit(),
    lambda open_: open_.policy(),
    lambda open_: open_.sessions(),
]


@pytest.fixture
async def open_(look: Look) -> AsyncIterator[OpenReviews]:
    async with open_reviews(look) as open_:
        yield open_


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


@pytest.mark.parametrize("opener", OPENERS)
async def test_everything_that_can_be_used_has_a_name_of_its_own(open_: OpenReviews, opener: Opener) -> None:
    window = await opener(open_)
    assert (nameless(window), namesakes(window)) == ([], [])
    assert interface(window).text(QAccessible.Text.Name) == window.windowTitle() != ""
    assert window.isAncestorOf(focused())


@pytest.mark.parametrize("opener", OPENERS)
async def test_tab_reaches_every_button_and_comes_round(open_: OpenReviews, opener: Opener) -> None:
    window = await opener(open_)
    reached: list[QWidget] = []
    while len(reached) < 60 and focused() not in reached:
        reached.append(focused())
        open_.hands.press(Qt.Key.Key_Tab)
    wanted = [one for one in window.findChildren(QPushButton) if one.isVisible() and one.isEnabled()]
    exclusive = {one for one in wanted if one.group() is not None}  # of these the arrows choose
    assert [one.text() for one in wanted if one not in reached and one not in exclusive] == []
    assert not exclusive or exclusive & set(reached)


async def test_the_plot_is_told_in_words(open_: OpenReviews) -> None:
    window = await open_.sessions()
    await until(lambda: window.quality.plot)
    plot = window.quality.plot
    assert plot is not None
    found = interface(plot)
    assert found.text(QAccessible.Text.Name) == "Quality over time"
    assert "MOS is an estimate" in found.text(QAccessible.Text.Description)
    assert nameless(window) == []
