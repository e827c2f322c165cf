"""The form and the place of a copy are asked for without making anything wait."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from moderator.desktop.reviews.audit.export_button import ExportButton
from moderator.desktop.theme.look import Look


@pytest.fixture
def window(look: Look) -> Iterator[QWidget]:
    window = QWidget()
    yield window
    window.deleteLater()


@pytest.mark.parametrize(("place", "format_"), [(0, "csv"), (1, "jsonl")])
def test_the_place_is_asked_for_and_told(window: QWidget, tmp_path: Path, place: int, format_: str) -> None:
    button = ExportButton(window)
    told: list[tuple[Path, str]] = []
    button.file_chosen.connect(lambda path, chosen: told.append((path, chosen)))
    button.menu().actions()[place].trigger()
    (dialog,) = window.findChildren(QFileDialog)
    assert dialog.isVisible()
    assert dialog.defaultSuffix() == format_
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile("ours")
    dialog.accept()
    assert told == [(tmp_path / f"ours.{format_}", format_)]


def test_nothing_is_told_of_what_was_cancelled(window: QWidget) -> None:
    button = ExportButton(window)
    told: list[object] = []
    button.file_chosen.connect(lambda path, _: told.append(path))
    button.menu().actions()[0].trigger()
    (dialog,) = window.findChildren(QFileDialog)
    dialog.reject()
    assert told == []
