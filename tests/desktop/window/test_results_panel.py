"""What became of each of several wishes, until it was read."""

import pytest
from PySide6.QtWidgets import QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from moderator.desktop.orders.intents import Intent
from moderator.desktop.orders.notices import Notice, Result
from moderator.desktop.theme.look import Look
from moderator.desktop.window.results_panel import ResultsPanel
from tests.fakes.desktop import a_room

AGAIN = (Intent(action="extend", room=a_room().key),)
PARTLY = Notice(
    tone="problem",
    text="Done for 1 of 2 rooms.",
    action="Retry failed",
    intents=AGAIN,
    results=(Result("problem", "cardio-14: no."), Result("done", "neuro-3: +5 min.")),
    key="many",
)


@pytest.fixture
def panel(qtbot: QtBot, look: Look) -> ResultsPanel:
    panel = ResultsPanel(look)
    qtbot.addWidget(panel)
    return panel


def lines(panel: ResultsPanel) -> list[str]:
    (found,) = panel.findChildren(QListWidget)
    return [found.item(row).text() for row in range(found.count())]


def button(panel: ResultsPanel, name: str) -> QPushButton:
    return next(one for one in panel.findChildren(QPushButton) if name in {one.text(), one.accessibleName()})


def test_each_has_a_line_and_stays(panel: ResultsPanel) -> None:
    assert panel.takes(PARTLY)
    assert panel.isVisible()
    assert lines(panel) == ["cardio-14: no.", "neuro-3: +5 min."]
    assert not panel.takes(Notice(tone="done", text="Something else."))
    assert panel.notice == PARTLY


def test_only_what_failed_is_tried_again(panel: ResultsPanel) -> None:
    wanted: list[object] = []
    panel.wanted.connect(wanted.append)
    panel.takes(PARTLY)
    button(panel, "Retry failed").click()
    assert wanted == [AGAIN]
    assert (panel.notice, panel.isVisible()) == (None, False)


def test_it_goes_when_it_was_read_or_when_all_went_well_after_all(panel: ResultsPanel) -> None:
    panel.takes(PARTLY)
    button(panel, "Close the results").click()
    assert not panel.isVisible()
    panel.takes(PARTLY)
    assert not panel.takes(Notice(tone="done", text="Done for 1 room.", key="many"))
    assert not panel.isVisible()


def test_what_is_only_to_be_read_has_no_button(panel: ResultsPanel) -> None:
    panel.takes(Notice(tone="info", text="Done for 0 of 2 rooms.", results=PARTLY.results, key="many"))
    assert not button(panel, "").isVisible()
    assert len(lines(panel)) == 2
