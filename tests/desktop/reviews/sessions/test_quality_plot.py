"""The plot: read by keyboard, drawn in both themes."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from moderator.desktop.reviews.sessions.quality_plot import QualityPlot
from moderator.desktop.theme.look import Look
from moderator.desktop.theme.tokens import DARK
from tests.fakes.reviews import a_sample

SAMPLES = (
    a_sample(0, mos=4.2, loss_down_pct=0.5, grade="good"),
    *(a_sample(number) for number in (1, 2, 3)),
    a_sample(4, mos=2.0, round_trip_ms=600.0, down_kbps=300.0, grade="bad"),
)
Key = Qt.Key


@pytest.fixture
def plot(look: Look) -> QualityPlot:
    plot = QualityPlot(look)
    plot.resize(600, 400)
    plot.show_samples(SAMPLES)
    return plot


@pytest.mark.parametrize(
    ("keys", "read"),
    [
        ([Key.Key_Right], [0]),
        ([Key.Key_Right, Key.Key_Right, Key.Key_Left, Key.Key_Left], [0, 1, 0, 0]),
        ([Key.Key_End, Key.Key_Right, Key.Key_Home], [4, 4, 0]),
    ],
)
def test_keys_go_from_sample_to_sample(plot: QualityPlot, keys: list[Qt.Key], read: list[int]) -> None:
    heard: list[int] = []
    plot.read.connect(heard.append)
    for key in keys:
        QTest.keyClick(plot, key)
    assert heard == read
    assert plot.at == read[-1]


def test_the_pointer_reads_the_nearest_sample(plot: QualityPlot, qapp: QApplication) -> None:
    plot.grab()
    box = plot._plots[0].vb.sceneBoundingRect()
    for share, place in ((0.02, 0), (0.98, 4)):
        plot._on_pointer(QPointF(box.left() + share * box.width(), box.center().y()))
        assert plot.at == place


def test_another_theme_is_another_picture_at_the_same_place(plot: QualityPlot, look: Look) -> None:
    QTest.keyClick(plot, Key.Key_End)
    light = plot.grab().toImage()
    look.set_theme(DARK)
    dark = plot.grab().toImage()
    assert dark.pixelColor(2, 2).name().upper() == DARK.window
    assert light.pixelColor(2, 2) != dark.pixelColor(2, 2)
    assert plot.at == 4


def test_other_samples_begin_anew(plot: QualityPlot) -> None:
    QTest.keyClick(plot, Key.Key_End)
    plot.show_samples(())
    heard: list[int] = []
    plot.read.connect(heard.append)
    QTest.keyClick(plot, Key.Key_End)
    assert (plot.at, heard) == (-1, [])
