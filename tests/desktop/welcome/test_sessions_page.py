"""How long sessions last: a usual length, one of one's own, or none."""

from pytestqt.qtbot import QtBot

from moderator.desktop.welcome.sessions_page import CUSTOM, SessionsPage


def test_a_length_of_ones_own(qtbot: QtBot) -> None:
    page = SessionsPage()
    qtbot.addWidget(page)
    chosen = [page.minutes]
    page.custom.setValue(75)
    assert page.lengths.checkedId() == CUSTOM, "who types a number means it"
    chosen.append(page.minutes)
    for id_ in (0, CUSTOM):
        page.lengths.button(id_).setChecked(True)
        chosen.append(page.minutes)
    assert chosen == [60, 75, None, 75]
