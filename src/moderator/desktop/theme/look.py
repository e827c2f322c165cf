"""How the window looks now: the theme in force, and fonts and icons in its colours. Widgets get one and ask it."""

from pathlib import Path
from typing import Final, get_args

from PySide6.QtCore import QObject, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QFont, QIcon, QPixmap
from PySide6.QtWidgets import QApplication

from moderator.desktop.room_status import Level
from moderator.desktop.theme.fonts import SIZES, Size, Weight, font
from moderator.desktop.theme.icons import TintedIcon, tinted_pixmap, tinted_svg
from moderator.desktop.theme.palette import palette
from moderator.desktop.theme.stylesheet import stylesheet
from moderator.desktop.theme.tokens import LIGHT, Theme

_EFFECTS: Final = (
    *(Qt.UIEffect.UI_AnimateMenu, Qt.UIEffect.UI_FadeMenu, Qt.UIEffect.UI_AnimateCombo),
    *(Qt.UIEffect.UI_AnimateTooltip, Qt.UIEffect.UI_FadeTooltip, Qt.UIEffect.UI_AnimateToolBox),
)
"""What Qt would have slide and fade. Nothing moves here but what time moves."""
_LEVELS: Final = frozenset(get_args(Level))


class Look(QObject):
    """The theme, for everything that paints."""

    changed = Signal()
    """Another theme: paint again, and ask for icons again."""

    def __init__(self, theme: Theme = LIGHT, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._dressed: QApplication | None = None
        self._pictures = QTemporaryDir()
        """For the pictures that the stylesheet names; it goes with the look."""

    @property
    def theme(self) -> Theme:
        """The colours in force."""
        return self._theme

    def set_theme(self, theme: Theme) -> None:
        """Change the colours; does nothing when they are in force already."""
        if theme != self._theme:
            self._theme = theme
            self.changed.emit()

    def dress(self, application: QApplication) -> None:
        """Give the whole application this look, now and whenever it changes."""
        application.setStyle("Fusion")
        for effect in _EFFECTS:
            application.setEffectEnabled(effect, False)
        application.setFont(self.font("body"))
        self._dressed = application
        self._put_on()
        self.changed.connect(self._put_on)

    def undress(self) -> None:
        """Before the look goes: the application must not look for its pictures any more."""
        if self._dressed is not None:
            self._dressed.setStyleSheet("")
            self._dressed = None

    def color(self, level_or_color: str = "text") -> str:
        """`#RRGGBB` of a level ("warn"), of a token of the theme ("muted"), or the colour itself."""
        if level_or_color in _LEVELS:
            return self._theme.level(level_or_color)  # type: ignore[arg-type]  # a level: it was looked up
        found: str = getattr(self._theme, level_or_color, level_or_color)
        return found

    def icon(self, name: str, level_or_color: str = "text") -> QIcon:
        """An icon of `resources/icons`, sharp in every size. Raises FileNotFoundError."""
        return QIcon(TintedIcon(name, self.color(level_or_color), self._theme.faint))

    def pixmap(self, name: str, color_hex: str, size_px: int, device_pixel_ratio: float = 1.0) -> QPixmap:
        """An icon for painting; kept, so asking again costs nothing. Raises FileNotFoundError."""
        return tinted_pixmap(name, color_hex, size_px, device_pixel_ratio)

    def font(self, size: Size | int, weight: Weight = "regular") -> QFont:
        """Our font in a size of the scale, with figures of one width; a number of pixels only for what grows with its
        picture."""
        return font(size if isinstance(size, int) else SIZES[size], weight)

    def _put_on(self) -> None:
        if self._dressed is not None:
            self._dressed.setPalette(palette(self._theme))
            self._dressed.setStyleSheet(stylesheet(self._theme, self._drawn))

    def _drawn(self, name: str, color: str) -> Path:
        path = Path(self._pictures.path()) / f"{name}-{color.removeprefix('#')}.svg"
        path.write_bytes(tinted_svg(name, color))
        return path
