"""Whether one room is shown alone. Pure."""

from typing import Final

from msgspec import Struct

LEAST_PX: Final = (1000, 600)
"""In a smaller window the table and the pane say as much."""


class Sight(Struct, frozen=True, kw_only=True):
    """What the decision depends on."""

    live: int
    """Rooms."""
    shown: bool
    """A room is shown alone now."""
    busy: bool
    """Somebody works there: nothing moves from under the hand."""
    table_is_plain: bool
    """The table is what is shown, with nothing typed and no filter chosen."""
    size_px: tuple[int, int]
    """Of the window."""
    choice: bool | None = None
    """What somebody has chosen; None: nothing."""


def shows_one(sight: Sight) -> bool:
    """Whether a room is to be shown alone from now on."""
    if sight.choice is not None:
        return sight.choice and sight.live > 0
    if sight.busy:
        return sight.shown and sight.live > 0
    large = all(size >= least for size, least in zip(sight.size_px, LEAST_PX, strict=True))
    return sight.live == 1 and large and (sight.shown or sight.table_is_plain)
