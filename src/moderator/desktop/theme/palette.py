"""A theme as Qt's own palette, for what Fusion draws and no stylesheet names."""

from typing import Final

from PySide6.QtGui import QColor, QPalette

from moderator.desktop.theme.tokens import Theme

_Role = QPalette.ColorRole
_ROLES: Final[dict[QPalette.ColorRole, str]] = {
    _Role.Window: "window",
    _Role.WindowText: "text",
    _Role.Base: "window",
    _Role.AlternateBase: "raised",
    _Role.Text: "text",
    _Role.PlaceholderText: "muted",
    _Role.Button: "raised",
    _Role.ButtonText: "text",
    _Role.BrightText: "critical",
    _Role.ToolTipBase: "raised",
    _Role.ToolTipText: "text",
    _Role.Highlight: "selection",
    _Role.HighlightedText: "text",
    _Role.Accent: "accent",
    _Role.Link: "accent",
    _Role.LinkVisited: "accent",
    _Role.Light: "raised",
    _Role.Midlight: "raised",
    _Role.Mid: "line",
    _Role.Dark: "line",
    _Role.Shadow: "line",
}
_DISABLED: Final = (_Role.WindowText, _Role.Text, _Role.ButtonText)


def palette(theme: Theme) -> QPalette:
    """The theme's colours by Qt's roles."""
    made = QPalette()
    for role, token in _ROLES.items():
        made.setColor(role, QColor(getattr(theme, token)))
    for role in _DISABLED:
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.faint))
    return made
