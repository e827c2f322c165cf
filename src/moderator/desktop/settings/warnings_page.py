"""The page about warnings: what is heard, when it is quiet, and whether any of it reaches anybody."""

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTime
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QTimeEdit,
    QVBoxLayout,
    QWidget,
)

from moderator.desktop.alerts.heard import SOUNDS, VOLUME, Heard
from moderator.desktop.alerts.hush import QUIET, QUIET_FROM, QUIET_TO
from moderator.desktop.alerts.reach import Reach
from moderator.desktop.preferences import Preference, Preferences
from moderator.desktop.sounds.cues import CUES, Cue
from moderator.desktop.sounds.speaker import LOUDEST
from moderator.language import marked, tr, tr_in

_CUES: Final[dict[Cue, str]] = {
    "first": marked("First warning: one note"),
    "later": marked("Later warning: two notes"),
    "last": marked("Last call and violations: three notes"),
}
_HEARD: Final[dict[Heard, str]] = {
    "off": marked("Off"),
    "mine": marked("For my rooms"),
    "all": marked("For all rooms"),
}
_TIME_FORMAT: Final = "HH:mm"
_ROW_PX: Final = 32
_SECTION_GAP_PX: Final = 20


class WarningsPage(QWidget):
    """Every choice counts at once."""

    def __init__(self, preferences: Preferences, reach: Reach, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Warnings"))
        self._preferences = preferences
        self._reach = reach
        self._trouble = _muted()
        self._findings = _muted()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        for title, content in (
            (tr("Sounds"), self._sounds()),
            (tr("Quiet hours"), self._quiet_hours()),
            (tr("Test"), self._test()),
        ):
            heading = QLabel(title)
            heading.setProperty("role", "heading")
            column.addWidget(heading)
            column.addWidget(content)
            column.addSpacing(_SECTION_GAP_PX - column.spacing())
        column.addStretch()
        reach.status_changed.connect(self._refresh)
        reach.rehearsal.changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        for label, words in (
            (self._trouble, self._reach.sounding.status),
            (self._findings, self._reach.rehearsal.findings),
        ):
            label.setText(words)
            label.setVisible(bool(words))

    # --- sounds ----------------------------------------------------------------------------------------------------

    def _sounds(self) -> QWidget:
        content = QWidget()
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, cue in enumerate(CUES):
            label = QLabel(tr(_CUES[cue]))
            box = self._choice(SOUNDS[cue])
            box.setAccessibleName(label.text())
            label.setBuddy(box)  # what screen readers on Linux go by
            play = QPushButton(tr("Play"))
            play.setAutoDefault(False)
            play.setAccessibleName(tr("Play: {sound}").format(sound=label.text()))
            play.clicked.connect(partial(self._reach.play_cue, cue))
            grid.setRowMinimumHeight(row, _ROW_PX)
            for place, widget in enumerate((label, box, play)):
                grid.addWidget(widget, row, place)
        grid.setRowMinimumHeight(len(CUES), _ROW_PX)
        grid.addWidget(QLabel(tr("Volume")), len(CUES), 0)
        grid.addLayout(self._volume(), len(CUES), 1, 1, 2)
        grid.addWidget(self._trouble, len(CUES) + 1, 0, 1, 3)
        return content

    def _choice(self, preference: Preference[str]) -> QComboBox:
        box = QComboBox(self)
        for value, name in _HEARD.items():
            box.addItem(tr(name), value)
        box.setCurrentIndex(max(0, box.findData(self._preferences.get(preference))))
        box.activated.connect(lambda _: self._preferences.put(preference, box.currentData()))
        return box

    def _volume(self) -> QHBoxLayout:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, LOUDEST)
        slider.setPageStep(10)
        slider.setAccessibleName(tr("Volume"))
        slider.setProperty("mirrored", slider.isRightToLeft())
        figure = QLabel(alignment=Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        figure.setFixedWidth(figure.fontMetrics().horizontalAdvance("000") + 2)

        def chosen(volume: int) -> None:
            figure.setText(str(volume))
            self._preferences.put(VOLUME, volume)

        slider.valueChanged.connect(chosen)
        slider.setValue(self._preferences.get(VOLUME))
        figure.setText(str(slider.value()))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(slider, 1)
        row.addWidget(figure)
        return row

    # --- quiet hours -----------------------------------------------------------------------------------------------

    def _quiet_hours(self) -> QWidget:
        content = QWidget()
        on = QCheckBox(tr("Every day"))
        on.setChecked(self._preferences.get(QUIET))
        begins, ends = self._time(QUIET_FROM, tr("Quiet from")), self._time(QUIET_TO, tr("Quiet until"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(on)
        for name, field in ((tr_in("time of day", "From"), begins), (tr_in("time of day", "Until"), ends)):
            row.addSpacing(8)
            row.addWidget(QLabel(name))
            row.addWidget(field)
        row.addStretch()
        on.toggled.connect(lambda is_on: self._preferences.put(QUIET, is_on))
        for field in (begins, ends):
            field.setEnabled(on.isChecked())
            on.toggled.connect(field.setEnabled)
        note = _muted(
            tr("Then there are no sounds and no notifications, but for the last call and the end of a room of yours.")
        )
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(note)
        return content

    def _time(self, preference: Preference[str], name: str) -> QTimeEdit:
        field = QTimeEdit(QTime.fromString(self._preferences.get(preference), _TIME_FORMAT))
        field.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # a clock is never mirrored, and Qt would
        field.setDisplayFormat(self.locale().timeFormat(self.locale().FormatType.ShortFormat))
        field.setAlignment(Qt.AlignmentFlag.AlignCenter)
        field.setAccessibleName(name)
        field.timeChanged.connect(lambda time: self._preferences.put(preference, time.toString(_TIME_FORMAT)))
        return field

    # --- the test --------------------------------------------------------------------------------------------------

    def _test(self) -> QWidget:
        content = QWidget()
        play = QPushButton(tr("Play a test warning"))
        play.setAutoDefault(False)
        play.clicked.connect(self._reach.play_test)
        row = QHBoxLayout()
        row.addWidget(play)
        row.addStretch()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self._findings)
        return content


def _muted(words: str = "") -> QLabel:
    label = QLabel(words, wordWrap=True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", "muted")
    return label
