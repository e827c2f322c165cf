"""What is looked for, as parameters of the request."""

import pytest
from PySide6.QtCore import QDate, QDateTime, Qt, QTime
from PySide6.QtTest import QTest

from moderator.desktop.reviews.audit.search_bar import BETWEEN, SearchBar
from moderator.desktop.theme.look import Look
from moderator.gateway.audit.query import parse_query
from tests.fakes.desktop import NOW

HOUR_MS = 3_600_000


@pytest.fixture
def bar(look: Look) -> SearchBar:
    bar = SearchBar(lambda: NOW)
    bar.offer_sources(["clinic", "academy"])
    return bar


def test_nothing_is_asked_for_at_first(bar: SearchBar) -> None:
    assert bar.filters == {}
    assert not bar.clear_button.isEnabled()


def test_everything_that_can_be_asked_for_is_taken_by_the_gateway(bar: SearchBar) -> None:
    bar.text.setText(" late ")
    bar.moderator.setText("maya")
    bar.person.setText("bill")
    bar.room.setText("cardio-14")
    bar.source.setCurrentIndex(bar.source.findData("clinic"))
    bar.outcome.setCurrentIndex(bar.outcome.findData("failed"))
    bar.kind.setCurrentIndex(bar.kind.findData("disconnect_requested"))
    bar.span.setCurrentIndex(bar.span.findData(24))
    query = parse_query({name: str(value) for name, value in bar.filters.items()})
    assert (query.text, query.moderator, query.person, query.room) == ("late", "maya", "bill", "cardio-14")
    assert (query.source, query.outcome, query.kind) == ("clinic", "failed", "disconnect_requested")
    assert (query.begin, query.end) == (NOW - 24 * HOUR_MS, None)


def test_words_are_looked_for_on_enter_and_choices_at_once(bar: SearchBar) -> None:
    searched: list[dict[str, str | int]] = []
    bar.search_wanted.connect(lambda: searched.append(bar.filters))
    QTest.keyClicks(bar.text, "eve")
    assert searched == []
    QTest.keyClick(bar.text, Qt.Key.Key_Return)
    bar.outcome.setCurrentIndex(bar.outcome.findData("denied"))
    assert searched == [{"text": "eve"}, {"text": "eve", "outcome": "denied"}]
    bar.clear_button.click()
    assert searched[2:] == [{}]


def test_between_two_moments(bar: SearchBar) -> None:
    bar.span.setCurrentIndex(bar.span.findData(BETWEEN))
    assert not bar.begin.isHidden()
    begin = QDateTime.fromMSecsSinceEpoch(NOW // 60_000 * 60_000 - HOUR_MS)
    bar.begin.setDateTime(begin)
    bar.end.setDateTime(begin)
    asked = bar.filters
    assert (asked["from"], asked["to"]) == (NOW // 60_000 * 60_000 - HOUR_MS, NOW // 60_000 * 60_000 - HOUR_MS + 60_000)


def test_a_source_that_is_chosen_stays_so(bar: SearchBar) -> None:
    bar.source.setCurrentIndex(bar.source.findData("clinic"))
    bar.offer_sources(["clinic", "other"])
    assert bar.source.currentData() == "clinic"
    bar.offer_sources(["other"])
    assert bar.source.currentData() == ""


def test_a_moment_is_not_mirrored(bar: SearchBar) -> None:
    bar.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    bar.begin.setDateTime(QDateTime(QDate(2026, 11, 21), QTime(14, 4)))
    assert bar.begin.text() == "2026-11-21 14:04"
