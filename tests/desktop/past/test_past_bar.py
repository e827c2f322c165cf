from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from moderator.client.texts import clock_time
from moderator.desktop.past.past_bar import PastBar, ago_words, title
from moderator.desktop.theme.look import Look
from tests.fakes.desktop import NOW


def test_it_says_when_that_was_and_that_nothing_can_be_changed() -> None:
    assert title(NOW) == f"As of {clock_time(NOW)}. Read-only."
    assert ago_words(NOW - 720_000, NOW, None) == "today, 12 min ago"


def test_a_past_that_is_not_known_from_its_beginning_says_from_when_on() -> None:
    known = clock_time(NOW - 3_600_000, with_seconds=False)
    assert ago_words(NOW - 720_000, NOW, NOW - 3_600_000) == f"today, 12 min ago · known from {known} on"


def test_its_button_leads_back(qtbot: QtBot, look: Look) -> None:
    bar = PastBar(look)
    qtbot.addWidget(bar)
    bar.show_moment(NOW - 60_000, NOW, None)
    bar.show()
    assert title(NOW - 60_000) in [label.text() for label in bar.findChildren(QLabel)]
    with qtbot.waitSignal(bar.back_wanted):
        bar.back.click()
