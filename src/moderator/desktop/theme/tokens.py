"""The colours of the window, by what they mean. No colour is written anywhere else."""

from typing import Final

from msgspec import Struct

from moderator.desktop.room_status import Level


class Theme(Struct, frozen=True):
    """One set of colours (`#RRGGBB`). Text colours reach 4.5:1 on every ground they stand on; a test computes it."""

    name: str
    dark: bool
    window: str
    """The ground of everything."""
    raised: str
    """Buttons, fields, chips."""
    hover: str
    """The ground under the pointer, and of what is pressed."""
    line: str
    """Hairlines."""
    text: str
    muted: str
    """Text that is less important."""
    faint: str
    """Controls that are off, handles of scroll bars: 3:1, as for what is no text."""
    accent: str
    accent_hover: str
    on_accent: str
    selection: str
    """The ground of what is selected, with text of any level on it."""
    info: str
    warn: str
    critical: str
    stale: str
    live: str
    """The dot of a link that works; never text."""
    warn_ground: str
    critical_ground: str
    """Grounds of alerts."""

    def level(self, level: Level) -> str:
        """The colour of text and icons of a level."""
        return {
            "normal": self.text,
            "info": self.info,
            "warn": self.warn,
            "critical": self.critical,
            "stale": self.stale,
        }[level]


LIGHT: Final = Theme(
    name="light", dark=False, window="#FFFFFF", raised="#F6F7F9", hover="#EEF1F4", line="#E1E4E8", text="#1F2328",
    muted="#59606A", faint="#868E98", accent="#0550AE", accent_hover="#04458F", on_accent="#FFFFFF",
    selection="#E8F0FC", info="#0550AE", warn="#8F5A02", critical="#83000A", stale="#6A6670", live="#1A7F37",
    warn_ground="#FBF3E0", critical_ground="#FBE9E9",
)  # fmt: skip
DARK: Final = Theme(
    name="dark", dark=True, window="#16191D", raised="#1D2127", hover="#23282F", line="#2B3037", text="#E6E8EB",
    muted="#9CA3AD", faint="#6B7480", accent="#8FB2FF", accent_hover="#A9C4FF", on_accent="#10213F",
    selection="#1E2A40", info="#8FB2FF", warn="#FDD015", critical="#F25F68", stale="#A88AAC", live="#3FB950",
    warn_ground="#2B2514", critical_ground="#30191B",
)  # fmt: skip
