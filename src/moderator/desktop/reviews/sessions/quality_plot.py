"""The plot of a session: small plots above each other on one time axis. Imported when the first one is shown, since its
library takes a while to load."""

from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from moderator.desktop.reviews.sessions.panels import PANELS, Panel, alone, gaps, moments, values
from moderator.desktop.theme.fonts import SIZES
from moderator.desktop.theme.look import Look
from moderator.feed.quality import QualitySample
from moderator.language import tr

AXIS_PX: Final = 48
LIMIT_PX: Final = 32
PANEL_PX: Final = 72
NAMED_GAP: Final = 0.08
"""Of the whole time: shorter gaps have no room for words."""
_STYLES: Final = (("accent", Qt.PenStyle.SolidLine, 1.8), ("text", Qt.PenStyle.DotLine, 1.8))
"""Of the first line of a plot and of the second: another stroke, not only another colour."""
_SAMPLES: Final = ("\u2501\u2501", "\u2505\u2505")


class QualityPlot(QWidget):
    """Left and Right, or the pointer, go from sample to sample."""

    read = Signal(int)
    """The sample that is pointed at."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._samples: tuple[QualitySample, ...] = ()
        self._at = -1
        self._cursors: list[Any] = []
        self._plots: list[Any] = []
        self._canvas = pg.GraphicsLayoutWidget()
        self._canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._canvas.ci.layout.setSpacing(0)
        self._canvas.ci.layout.setContentsMargins(0, 0, 0, 0)
        self._canvas.scene().sigMouseMoved.connect(self._on_pointer)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._canvas)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for widget in (self, self._canvas, self._canvas.viewport()):
            widget.setAccessibleName(tr("Quality over time"))
        self.setMinimumHeight(PANEL_PX * len(PANELS))
        look.changed.connect(self._draw)

    @property
    def at(self) -> int:
        """The sample that is pointed at; -1 for none."""
        return self._at

    def show_samples(self, samples: tuple[QualitySample, ...]) -> None:
        """Plot these."""
        self._samples, self._at = samples, -1
        self._draw()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._samples) - 1
        places = {
            Qt.Key.Key_Left: max(0, self._at - 1),
            Qt.Key.Key_Right: min(last, self._at + 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        place = places.get(Qt.Key(event.key())) if self._samples else None
        if place is None:
            super().keyPressEvent(event)
        else:
            self._point(place)

    # --- how -------------------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        theme = self._look.theme
        self._canvas.clear()
        self._canvas.setBackground(theme.window)
        self._plots, self._cursors = [], []
        for number, panel in enumerate(PANELS):
            plot = self._canvas.addPlot(row=2 * number + 1, col=0, axisItems={"bottom": pg.DateAxisItem()})
            self._canvas.addLabel(self._legend(panel), row=2 * number, col=0, justify="left")
            self._set_up(plot, panel, is_last=number == len(PANELS) - 1)
            self._fill(plot, panel)
            self._plots.append(plot)
        if self._at >= 0:
            self._point(self._at)

    def _set_up(self, plot: Any, panel: Panel, *, is_last: bool) -> None:
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(x=False, y=False)
        low, high = panel.scale(self._samples)
        plot.setYRange(low, high, padding=0)
        if self._samples:
            last = self._samples[-1]
            plot.setXRange(self._samples[0].at / 1000, (last.at + last.duration_ms) / 1000, padding=0.005)
        for side in ("left", "bottom", "right"):
            axis = plot.getAxis(side)
            axis.setPen(self._pen("line"))
            axis.setTextPen(self._pen("muted"))
            axis.setStyle(tickFont=self._look.font("tiny"), tickLength=0, showValues=side != "bottom" or is_last)
        plot.getAxis("left").setWidth(AXIS_PX)
        plot.showAxis("right")
        plot.getAxis("right").setWidth(LIMIT_PX)
        plot.getAxis("right").setTicks([[(limit, word) for word, limit in self._limits(panel)]])
        plot.getAxis("left").setTickDensity(0.5)
        plot.getAxis("bottom").setHeight(22 if is_last else 1)

    def _fill(self, plot: Any, panel: Panel) -> None:
        for begin, end in gaps(self._samples):
            ground = QColor(self._look.theme.stale)
            ground.setAlpha(38)
            plot.addItem(pg.LinearRegionItem((begin, end), movable=False, brush=ground, pen=pg.mkPen(None)))
            if panel is PANELS[0] and end - begin > NAMED_GAP * self._length_s:
                words = pg.TextItem(tr("no data"), color=self._look.theme.stale, anchor=(0.5, 0.5))
                words.setFont(self._look.font("tiny"))
                words.setPos((begin + end) / 2, ((panel.fair or 0) + (panel.bad or 0)) / 2)  # between the lines
                plot.addItem(words, ignoreBounds=True)
        for _, limit in self._limits(panel):
            line = pg.InfiniteLine(limit, angle=0, pen=self._pen("faint", 1, Qt.PenStyle.DashLine))
            plot.addItem(line, ignoreBounds=True)
        times = moments(self._samples)
        for line, (color, stroke, width) in zip(panel.lines, _STYLES, strict=False):
            measured = values(self._samples, line.member)
            pen = self._pen(color, width, stroke)
            plot.plot(times, measured, pen=pen, connect="finite", antialias=True)
            lonely = alone(measured)
            dots = pg.ScatterPlotItem(
                [times[n] for n in lonely], [measured[n] for n in lonely], size=4, pen=None, brush=pen.color()
            )
            plot.addItem(dots)
        cursor = pg.InfiniteLine(angle=90, pen=self._pen("faint"))
        cursor.setVisible(False)
        plot.addItem(cursor, ignoreBounds=True)
        self._cursors.append(cursor)

    def _limits(self, panel: Panel) -> list[tuple[str, float]]:
        """Those in sight."""
        named = ((tr("fair"), panel.fair), (tr("bad"), panel.bad))
        return [(word, limit) for word, limit in named if limit and limit < panel.scale(self._samples)[1]]

    @property
    def _length_s(self) -> float:
        last = self._samples[-1]
        return (last.at + last.duration_ms - self._samples[0].at) / 1000

    def _legend(self, panel: Panel) -> str:
        theme = self._look.theme
        strokes = "".join(
            f' &nbsp; <span style="color:{self._look.color(color)}">{sample}</span> {tr(line.name)}'
            for line, (color, *_), sample in zip(panel.lines, _STYLES, _SAMPLES, strict=False)
        )
        named = strokes if len(panel.lines) > 1 else ""
        return (
            f'<span style="color:{theme.text}; font-size:{SIZES["small"]}px; font-weight:600">{tr(panel.title)}</span>'
            f'<span style="color:{theme.muted}; font-size:{SIZES["small"]}px"> {tr(panel.unit)}{named}</span>'
        )

    def _pen(self, color: str, width: float = 1, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        pen = QPen(QColor(self._look.color(color)), width, style)
        pen.setCosmetic(True)
        return pen

    def _on_pointer(self, place: QPointF) -> None:
        if self._samples and self._plots:
            second = self._plots[0].vb.mapSceneToView(place).x()
            times = moments(self._samples)
            self._point(min(range(len(times)), key=lambda n: abs(times[n] - second)))

    def _point(self, place: int) -> None:
        self._at = place
        for cursor in self._cursors:
            cursor.setPos(moments(self._samples)[place])
            cursor.setVisible(True)
        self.read.emit(place)
