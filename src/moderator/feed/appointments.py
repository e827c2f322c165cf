"""What the routes about appointments take and answer, as far as gateway and client share it."""

from typing import Final

from msgspec import Struct

from moderator.domain.attendance import Attendance

DAY_MS: Final = 24 * 3_600_000
AHEAD_MS: Final = 2 * 366 * DAY_MS
"""So far ahead an appointment may begin; it may have begun a day ago."""
MIN_DURATION_MS: Final = 1_000
MAX_DURATION_MS: Final = 7 * DAY_MS


class Announced(Struct, frozen=True):
    """The appointment as it is now. `seq` is that of the newest entry where nothing had to be changed."""

    seq: int
    appointment: Attendance


class AppointmentList(Struct, frozen=True):
    """Those that begin within the time asked for, by their start. With `more`, ask on from the last one's start."""

    now: int
    appointments: tuple[Attendance, ...]
    more: bool = False
