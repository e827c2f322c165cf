"""The colours of the window, by what they mean. No colour is written anywhere else."""

from typing import Final

from msgspec import Struct

from moderator.desktop.room_status import Level


class Theme(Struct, frozen=True):
    """One set of colours (`#RRGGBB`). Text colours reach 4.5:1 on every ground they stand on, with high contrast 7:1; a
    test computes it.
    """

    name: str
    dark: bool
    window: str
    """The ground of everything."""
    raised: str
    """Buttons, fields, chips."""
    hover: str
    """The ground under the pointer, and of what is pressed."""
    line: str
    """Hairlines between what stands apart anyway; with high contrast 3:1."""
    text: str
    muted: str
    """Text that is less important."""
    faint: str
    """Borders of fields, controls that are off, handles of scroll bars: 3:1, as for what is no text."""
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
    high_contrast: bool = False

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
LIGHT_CONTRAST: Final = Theme(
    name="light_contrast", dark=False, window="#FFFFFF", raised="#FFFFFF", hover="#E6E6E6", line="#6E6E6E",
    text="#000000", muted="#2E2E2E", faint="#5C5C5C", accent="#003380", accent_hover="#00245C", on_accent="#FFFFFF",
    selection="#D6E6FF", info="#003380", warn="#543400", critical="#75000A", stale="#3E3543", live="#0A561B",
    warn_ground="#FFF1CC", critical_ground="#FFE3E3", high_contrast=True,
)  # fmt: skip
DARK_CONTRAST: Final = Theme(
    name="dark_contrast", dark=True, window="#000000", raised="#0B0B0B", hover="#262626", line="#8F8F8F",
    text="#FFFFFF", muted="#D6D6D6", faint="#A8A8A8", accent="#A8C8FF", accent_hover="#CBDEFF", on_accent="#000000",
    selection="#0F2A52", info="#A8C8FF", warn="#FFDB4D", critical="#FFA3A8", stale="#DDCBE0", live="#5EE07A",
    warn_ground="#2A2200", critical_ground="#3D0A0E", high_contrast=True,
)  # fmt: skip
