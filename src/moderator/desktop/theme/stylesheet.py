"""The one stylesheet of the application: what Fusion and the palette do not give. Colours come from the theme only.

Widgets choose by properties: a button's `kind` ("primary", "danger", "quiet", "bare", "chip", or none), a label's
`role` ("title", "heading", "muted", "key") and `level`, a frame's `ground` ("warn", "critical", "raised") and `role`
("line", "upright", "card"). A slider is `mirrored` where reading begins on the right: what lies before its handle is on
that side, and the sheet's `sub-page` stays on the left.
A focus ring is a border of two pixels for one, and the padding gives the pixel back, so that nothing moves; around what
is filled with the ring's own colour it is set off by a gap.
"""

from collections.abc import Callable
from pathlib import Path
from string import Template
from typing import Final

from msgspec import structs

from moderator.desktop.theme.fonts import SIZES
from moderator.desktop.theme.tokens import Theme

_SHEET: Final = Template("""
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 6px; }

QPushButton, QToolButton { background: $window; color: $text; border: 1px solid $line; border-radius: 6px;
  padding: 4px 11px; min-height: 18px; font-weight: 500; }
QPushButton:hover, QToolButton:hover, QPushButton:pressed, QToolButton:pressed { background: $hover; }
QPushButton:pressed, QToolButton:pressed { border-color: $faint; }
QPushButton:focus, QToolButton:focus { border: 2px solid $accent; padding: 3px 10px; }
QPushButton:disabled, QToolButton:disabled { color: $faint; background: $raised; border-color: $line; }
QPushButton::menu-indicator, QToolButton::menu-indicator { image: none; width: 0; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed { background: $accent_hover; }
QPushButton[kind="primary"]:focus { border-color: $accent; outline: 2px solid $on_accent; outline-offset: -4px;
  outline-radius: 4px; }
QPushButton[kind="primary"]:disabled { background: $raised; color: $faint; border-color: $line; }
QPushButton[kind="chosen"] { border-color: $accent; color: $accent; }
QPushButton[kind="danger"] { color: $critical; border-color: $critical; }
QPushButton[kind="danger"]:hover, QPushButton[kind="danger"]:pressed { background: $critical_ground; }
QPushButton[kind="danger"]:disabled { color: $faint; background: $raised; border-color: $line; }
QPushButton[kind="quiet"], QToolButton[kind="quiet"] { background: transparent; border-color: transparent; }
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:focus, QToolButton[kind="quiet"]:focus { border-color: $accent; }
QToolButton[kind="bare"] { background: transparent; border: none; border-radius: 4px; padding: 0; min-height: 0; }
QToolButton[kind="bare"]:hover { background: $hover; }
QToolButton[kind="bare"]:focus { border: 2px solid $accent; }
QPushButton[kind="chip"] { background: transparent; color: $muted; border-color: transparent; border-radius: 14px;
  padding: 4px 9px; }
QPushButton[kind="chip"]:hover { background: $hover; }
QPushButton[kind="chip"]:checked { background: $selection; color: $accent; }
QPushButton[kind="chip"]:focus { border: 2px solid $accent; padding: 3px 8px; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDateTimeEdit, QComboBox { background: $raised; color: $text;
  border: 1px solid $faint; border-radius: 6px; padding: 4px 9px; min-height: 20px;
  selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDateTimeEdit:focus,
QComboBox:focus {
  border: 2px solid $accent; padding: 3px 8px; }
QLineEdit[kind="bare"] { background: transparent; border: none; padding: 0 15px; min-height: 0; }
QLineEdit:disabled, QPlainTextEdit:disabled, QSpinBox:disabled, QDateTimeEdit:disabled,
QComboBox:disabled { color: $faint; }

QLabel[role="title"] { font-size: ${title_px}px; font-weight: 600; }
QLabel[role="heading"] { font-weight: 600; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="menu"] { color: $muted; font-size: ${small_px}px; padding: 6px 12px 4px 4px; }
QLabel[role="key"] { color: $muted; border: 1px solid $line; border-radius: 4px; padding: 0 5px;
  font-size: ${tiny_px}px; }
QLabel[level="info"] { color: $info; }
QLabel[level="warn"] { color: $warn; }
QLabel[level="critical"] { color: $critical; }
QLabel[level="stale"] { color: $stale; }

QFrame[role="line"] { background: $line; border: none; min-height: 1px; max-height: 1px; }
QFrame[role="upright"] { background: $line; border: none; min-width: 1px; max-width: 1px; }
QFrame[role="popup"] { background: $window; border: 1px solid $faint; border-radius: 10px; }
QFrame[role="card"] { border: 1px solid $line; border-radius: 8px; }
QFrame[ground="raised"] { background: $raised; }
QFrame[ground="warn"] { background: $warn_ground; }
QFrame[ground="critical"] { background: $critical_ground; }

QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url("$chevron"); width: 14px; height: 14px; }
QComboBox QAbstractItemView { background: $window; border: 1px solid $line; padding: 4px; outline: none;
  selection-background-color: $selection; selection-color: $text; }
QSpinBox QLineEdit, QDateTimeEdit QLineEdit { background: transparent; border: none; padding: 0 9px; min-height: 0; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; border: none; }
QCheckBox, QRadioButton { spacing: 8px; padding: 2px 4px 2px 2px; border: 2px solid transparent; border-radius: 6px; }
QCheckBox::indicator, QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $faint;
  background: $window; }
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$check"); }
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 5px solid $accent; background: $on_accent; }
QCheckBox:focus, QRadioButton:focus { border-color: $accent; }
QCheckBox:disabled, QRadioButton:disabled { color: $faint; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $line; }
QSlider::sub-page:horizontal, QSlider[mirrored="true"]::add-page:horizontal { border-radius: 2px;
  background: $faint; }
QSlider[mirrored="true"]::sub-page:horizontal { background: transparent; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; background: $accent; }
QSlider::handle:horizontal:focus { border: 2px solid $text; width: 10px; height: 10px; }

QMenu { background: $window; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 4px; color: $text; }
QMenu::icon { padding-left: 12px; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }

QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar::tab { background: transparent; color: $muted; border: none; border-bottom: 2px solid transparent;
  padding: 6px 6px 8px; margin: 0 6px; font-weight: 500; }
QTabBar::tab:first { margin-left: 0; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $accent; border-bottom-color: $accent; }
QTabBar::tab:focus { border: 2px solid $accent; border-radius: 6px; padding: 4px 4px 8px; }

QDialog { background: $window; border: 1px solid $line; }

QScrollArea, QAbstractItemView { border: none; background: $window; }
QHeaderView { background: $window; border: none; }
QHeaderView::section { background: $window; color: $muted; border: none; border-bottom: 1px solid $line;
  padding: 0 6px; font-size: ${small_px}px; font-weight: 500; }
QHeaderView::section:first { padding-left: 16px; }
QHeaderView::section:last { padding-right: 16px; }
QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $faint; border: 3px solid $window; border-radius: 5px; }
QScrollBar::handle:hover { background: $muted; border-width: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QMainWindow::separator { background: $line; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $accent; }
QDockWidget { color: $muted; border: 1px solid $line; }
QProgressBar, QScrollBar, QComboBox { widget-animation-duration: 0; }
""")


Drawn = Callable[[str, str], Path]
"""The file of an icon, by name, in a colour: a stylesheet takes pictures from files only."""


def stylesheet(theme: Theme, drawn: Drawn) -> str:
    """The stylesheet in the theme's colours."""
    pictures = {"check": drawn("check", theme.on_accent), "chevron": drawn("chevron-down", theme.muted)}
    paths: dict[str, object] = {name: path.as_posix() for name, path in pictures.items()}
    sizes = {f"{name}_px": size for name, size in SIZES.items()}
    return _SHEET.substitute(structs.asdict(theme) | paths | sizes)
