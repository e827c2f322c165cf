"""The overview in words, for the eye and for screen readers. Pure: no Qt, no clock."""

from collections.abc import Sequence
from typing import Final

from moderator.client.texts import safe
from moderator.desktop.census.census import Figures
from moderator.language import marked, ntr, number, tr

BUCKET_WORDS: Final = (
    *(marked("< 1 min"), marked("< 5 min"), marked("< 15 min")),
    *(marked("< 30 min"), marked("< 1 h"), marked("later")),
)
"""Below the bars of the histogram."""
MOST_SOURCES: Final = 4


def need_spoken(name: str, count: int) -> str:
    """A number with all that it means."""
    match name:
        case "live":
            text = ntr("1 room is live", "{count} rooms are live", count)
        case "ending":
            text = ntr("1 room ends within 5 minutes", "{count} rooms end within 5 minutes", count)
        case "unowned":
            text = ntr(
                "1 room ends within 5 minutes and nobody looks after it",
                "{count} rooms end within 5 minutes and nobody looks after them",
                count,
            )
        case "unacknowledged":
            text = ntr(
                "1 warning was not acknowledged within 20 seconds",
                "{count} warnings were not acknowledged within 20 seconds",
                count,
            )
        case "violations":
            text = ntr("1 room has a violation", "{count} rooms have violations", count)
        case _:
            text = ntr("1 room is out of date", "{count} rooms are out of date", count)
    return text.format(count=number(count))


def bucket_spoken(bucket: int, count: int) -> str:
    """A bar of the histogram."""
    stretches = (
        ntr("1 room ends within 1 minute", "{count} rooms end within 1 minute", count),
        ntr("1 room ends in 1 to 5 minutes", "{count} rooms end in 1 to 5 minutes", count),
        ntr("1 room ends in 5 to 15 minutes", "{count} rooms end in 5 to 15 minutes", count),
        ntr("1 room ends in 15 to 30 minutes", "{count} rooms end in 15 to 30 minutes", count),
        ntr("1 room ends in 30 to 60 minutes", "{count} rooms end in 30 to 60 minutes", count),
        ntr("1 room ends later", "{count} rooms end later", count),
    )
    return stretches[bucket].format(count=number(count))


def sources_words(sources: Sequence[tuple[str, int]]) -> str:
    """`clinic 812 · school 604`: the largest first, the others counted."""
    largest = sorted(sources, key=lambda one: (-one[1], one[0]))
    shown = [tr("{source} {count}").format(source=safe(name), count=number(n)) for name, n in largest[:MOST_SOURCES]]
    if rest := largest[MOST_SOURCES:]:
        shown.append(ntr("1 more source", "{count} more sources", len(rest)).format(count=len(rest)))
    return " · ".join(shown)


def coverage(found: Figures, on_duty: int) -> str:
    """Who watches: `38 on duty, 53 rooms each · 4 without an owner`."""
    if not on_duty:
        return tr("Nobody is on duty")
    each = -(-found.live // on_duty)
    duty = ntr("1 on duty", "{count} on duty", on_duty).format(count=number(on_duty))
    rooms = ntr("1 room each", "{count} rooms each", each).format(count=number(each))
    free = found.live - found.looked_after
    unowned = ntr("1 without an owner", "{count} without an owner", free).format(count=number(free))
    return " · ".join((duty, rooms, unowned) if free else (duty, rooms))
