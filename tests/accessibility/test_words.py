"""Every text of the window comes out of the catalogue, and there is room for longer languages."""

import re
from collections.abc import Iterable, Iterator
from gettext import NullTranslations
from pathlib import Path
from typing import Final

import msgspec
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QTableView,
    QWidget,
)

from moderator import language
from tests.fakes.desktop import FakeStore
from tests.fakes.gallery import SCENES
from tests.fakes.pseudo import BEGIN, PseudoTranslations
from tests.fakes.scenes import on_stage

WORD: Final = re.compile(r"[^\W\d_]{3,}")
"""Three letters in a row: less may be a unit, a key or initials."""
KEPT: Final = frozenset(
    {
        "ctrl",
        "shift",
        "enter",
        "esc",
        "del",
        "home",
        "end",
        "moderator",
        "csv",
        "json",
        "up",
        "down",
        "radiology",
        "deutsch",
        "español",
        "العربية",
        "english",
    }
)
"""Keys, names of formats and languages, our own, and what is typed in a scene."""
STRANGE: Final = tuple(name for name, scene in SCENES.items() if scene.language == "en")
"""All but those that show a language."""
ROLES: Final = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)


@pytest.fixture
def strange() -> Iterator[None]:
    """Everything that is made speaks the language that nobody speaks."""
    language.use(PseudoTranslations())
    yield
    language.use(NullTranslations())


@pytest.mark.parametrize("name", STRANGE)
async def test_a_scene_has_no_word_of_its_own_and_a_longer_language_fits(
    strange: None, qapp: QApplication, tmp_path: Path, name: str
) -> None:
    scene = SCENES[name]
    async with on_stage(qapp, scene, tmp_path) as shown:
        known = words_of(shown.store)
        said = [text for top in shown_windows() for text in texts(top)]
        assert any(BEGIN in text for text in said)
        assert sorted({text for text in said if is_untranslated(text, known)}) == []
        cuts = [cut for top in shown_windows() for cut in cut_off(top)]
        assert cuts == []


def shown_windows() -> list[QWidget]:
    """The window, and what is in front of it."""
    return [top for top in QApplication.topLevelWidgets() if top.isVisible()]


def texts(top: QWidget) -> Iterator[str]:
    """Everything that can be read or heard."""
    for widget in (top, *top.findChildren(QWidget)):
        if not widget.isVisible():
            continue
        yield from (widget.accessibleName(), widget.accessibleDescription(), widget.toolTip())
        match widget:
            case QLabel() | QAbstractButton() if widget.property("role") != "key":
                yield widget.text()
            case QLineEdit():
                yield widget.placeholderText()
            case QComboBox():
                yield from (widget.itemText(row) for row in range(widget.count()))
            case QAbstractItemView():
                yield from cells(widget)


def cells(view: QAbstractItemView) -> Iterator[str]:
    """The first rows of a list, and its headings."""
    model, nowhere = view.model(), QModelIndex()
    columns = range(model.columnCount(nowhere) if isinstance(view, QTableView) else 1)
    if isinstance(view, QTableView):
        yield from (str(model.headerData(column, Qt.Orientation.Horizontal) or "") for column in columns)
    for row in range(min(8, model.rowCount(nowhere))):
        for column in columns:
            yield from (str(model.index(row, column, nowhere).data(role) or "") for role in ROLES)


def words_of(store: FakeStore) -> frozenset[str]:
    """Every word that is data: names, ids, roles, sources."""
    held = [store.rooms(), list(store.sources.values()), store.me, list(store.appointments), store.link]
    return frozenset(WORD.findall(str(msgspec.to_builtins(held)).casefold()))


def is_untranslated(text: str, known: Iterable[str]) -> bool:
    """Whether there is a word in it that is neither marked nor somebody's name."""
    plain = re.sub(r"<[^>]*>", " ", text)  # tooltips
    words = {word.casefold() for word in WORD.findall(plain)}
    return BEGIN not in text and bool(words - set(known) - KEPT)


def cut_off(top: QWidget) -> Iterator[str]:
    """Texts that are wider than the place they have, or than what is seen of it."""
    for widget in top.findChildren(QWidget):
        is_text = isinstance(widget, QAbstractButton) or (isinstance(widget, QLabel) and not widget.wordWrap())
        if not is_text or not widget.isVisible() or not widget.visibleRegion().boundingRect().isValid():
            continue
        assert isinstance(widget, QAbstractButton | QLabel)
        needed, shown = widget.minimumSizeHint().width(), widget.visibleRegion().boundingRect().width()
        if widget.text() and shown < needed:
            yield f"{type(widget).__name__} {widget.text()!r}: {shown} of {needed}"
