import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from moderator.desktop.orders.intents import Intent
from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.elided_label import ElidedLabel
from moderator.desktop.window.source_bar import SourceBar
from moderator.domain.rooms import Source
from moderator.domain.state import Hold
from tests.fakes.desktop import MAYA, NOW, FakeStore

CLINIC = Source(
    source="clinic", provider="vonage", state="live", heard_at=NOW - 400, listed_at=None, clock_offset_ms=0, detail=None
)


def bar(qtbot: QtBot, store: FakeStore, look: Look, *sources: Source) -> SourceBar:
    store.session.sources = {one.source: one for one in sources}
    made = SourceBar(store, look)
    made.resize(1440, 32)
    qtbot.addWidget(made)
    made.show()
    return made


def spoken(made: SourceBar) -> list[str]:
    return [one.accessibleName() for one in made.findChildren(QWidget) if one.accessibleName().startswith("Source ")]


@pytest.mark.parametrize(
    ("source", "text", "name"),
    [
        (CLINIC, "clinic 0.4 s", "Source clinic: live, heard 0.4 s ago"),
        (
            replace(CLINIC, state="failing", heard_at=NOW - 90_000),
            "clinic 90 s, failing",
            "Source clinic: failing, heard 90 s ago",
        ),
        (
            replace(CLINIC, state="silent", heard_at=NOW - 600_000, listed_at=NOW - 12_000),
            "clinic 12 s, silent",
            "Source clinic: silent, heard 12 s ago",
        ),
        (
            replace(CLINIC, state="polling", heard_at=None),
            "clinic not heard yet, polling",
            "Source clinic: polling, not heard yet",
        ),
    ],
)
def test_each_source_says_how_it_is(
    qtbot: QtBot, store: FakeStore, look: Look, source: Source, text: str, name: str
) -> None:
    made = bar(qtbot, store, look, source)
    assert text in [one.text() for one in made.findChildren(QLabel)]
    assert spoken(made) == [name]


def test_a_tooltip_says_what_is_wrong(qtbot: QtBot, store: FakeStore, look: Look) -> None:
    made = bar(qtbot, store, look, replace(CLINIC, state="silent", detail="no events for 5 min"))
    assert "no events for 5 min" in " ".join(one.toolTip() for one in made.findChildren(QWidget))


def test_ages_go_on_and_sources_come(qtbot: QtBot, store: FakeStore, look: Look) -> None:
    made = bar(qtbot, store, look, CLINIC)
    store.time.elapse(2_000)
    made.refresh()
    assert spoken(made) == ["Source clinic: live, heard 2.4 s ago"]
    store.session.sources["ward"] = replace(CLINIC, source="ward")
    made.refresh()
    assert "Source ward: live, heard 2.4 s ago" in spoken(made)


def test_automatic_disconnects_are_held_and_go_on(qtbot: QtBot, store: FakeStore, look: Look) -> None:
    made = bar(qtbot, store, look)
    button = made.findChild(QPushButton)
    assert button is not None
    with qtbot.waitSignal(made.wanted) as wish:
        button.click()
    assert wish.args == [Intent(action="hold")]
    store.hold_disconnects(Hold(by="anna", since=NOW, reason=""))
    made.refresh()
    assert button.text() == "Resume automatic disconnects"
    with qtbot.waitSignal(made.wanted) as wish:
        button.click()
    assert wish.args == [Intent(action="resume")]


def test_who_may_not_hold_sees_why(qtbot: QtBot, store: FakeStore, look: Look) -> None:
    store.me = replace(MAYA, scopes=())
    made = bar(qtbot, store, look)
    button = made.findChild(QPushButton)
    assert button is not None
    assert not button.isEnabled()
    assert "policy:hold" in button.toolTip()


def test_where_there_is_no_room_words_become_tooltips_the_switch_first(
    qtbot: QtBot, store: FakeStore, look: Look
) -> None:
    around = QWidget()  # a window of its own could not get so narrow
    qtbot.addWidget(around)
    store.session.sources = {CLINIC.source: CLINIC}
    made = SourceBar(store, look, around)
    around.resize(1440, 32)
    around.show()
    made.tell_audit(1_200)
    (button,) = made.findChildren(QPushButton)
    verified = "Audit: 1,200 records verified"
    seen = []
    for width in (1440, 420, 200):
        made.resize(width, 32)
        words = [one.text() for one in made.findChildren(QLabel) if one.isVisible()]
        seen.append((bool(button.text()), verified in words))
        assert button.accessibleName() == "Hold automatic disconnects"
        assert button.text() or button.toolTip()
        assert verified in words or verified in [one.accessibleName() for one in made.findChildren(QWidget)]
    assert seen == [(True, True), (False, True), (False, False)]


def test_where_there_is_no_room_a_source_is_shortened_and_says_the_same(
    qtbot: QtBot, store: FakeStore, look: Look
) -> None:
    made = bar(qtbot, store, look, *(replace(CLINIC, source=f"hospital-{n}") for n in range(9)))
    said = spoken(made)
    made.resize(640, 32)
    made.refresh()
    labels = [one for one in made.findChildren(ElidedLabel) if one.isVisible()]
    assert len(labels) == 9
    assert spoken(made) == said
    for label, words in zip(labels, said, strict=True):
        assert 0 < label.width() < label.sizeHint().width()
        assert label.mapTo(made, label.rect().topRight()).x() < made.width()
        label.grab()
        assert label.toolTip() == plain_tip(words)
