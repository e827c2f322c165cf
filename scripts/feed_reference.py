"""Writes `docs/feed.md`: the feed's frames, and the members of `data` of every kind of event, out of the code."""

import inspect
import sys
from pathlib import Path
from typing import Final, get_type_hints

import msgspec

from moderator.domain.events import KINDS
from moderator.domain.kinds import Command, Data, Decision, Fact, Notice, Outcome

PAGE: Final = Path(__file__).parents[1] / "docs" / "feed.md"
INTRODUCTION: Final = """# The feed

`GET /v1/feed` with `Authorization: Bearer TOKEN` (scope `rooms:read`) answers with server-sent events. Written by
`scripts/feed_reference.py` from the code; do not edit it by hand.

| frame | `id:` | data |
|---|---|---|
| `snapshot` | on the last page | `seq`, `now`, `page`, `last`, `rooms`, `sources`, `fold` |
| `events` | always | `after` (the `seq` of the frame before), `seq`, `now`, `events` |
| `heartbeat` | always | `after`, `seq`, `now`, `sources`; at least every two seconds |

A snapshot comes in pages. Its member `fold` is for readers that fold events on with the gateway's own code; other
programs ignore it.

Connect again with `Last-Event-ID`: nothing is missed and nothing repeated. A position in another log, in the future or
too far in the past gets a new snapshot. What a token may not see is left out, so `seq` has holes; compare `after` with
the `seq` of the frame before to find a gap.

An event has `v`, `seq`, `id`, `source`, `room`, `instance`, `kind`, `at`, `recorded_at`, `late`, `actor` and `data`.
Events of one entry of the log share their `seq`. A participant key that ends in `@` belongs to a platform that lets
ids be taken again: the id of the participant is that key and the time of the join. A stream `*` means all streams of
the participant, and in `participant_left` a participant `*` everybody who had come until then. Members that have
their default are left out. Kinds that a reader does not know are to be ignored.
"""
GROUPS: Final[tuple[tuple[type[Data], str, str], ...]] = (
    (Fact, "Facts", "What platforms report: late, twice and in any order."),
    (Command, "Commands", "What a provider has to carry out; open until confirmed or failed."),
    (Outcome, "Outcomes", "What became of a command."),
    (Decision, "Decisions", "Judged in the log's order; one that lost is read as `decision_refused`."),
    (Notice, "Notices", "Written down; they change no room."),
)


def page() -> str:
    """The whole document."""
    left = dict(KINDS)
    sections = [INTRODUCTION]
    for base, title, sentence in GROUPS:
        group = {kind: found for kind, found in left.items() if issubclass(found, base)}
        left = {kind: found for kind, found in left.items() if kind not in group}
        rows = [f"| `{kind}` | {_members(found)} |" for kind, found in group.items()]
        sections.append(
            "\n".join([f"## {title}", "", sentence, "", "| kind | members of `data` |", "|---|---|", *rows])
        )
    return "\n\n".join(section.strip() for section in sections) + "\n"


def _members(data_type: type[Data]) -> str:
    hints = get_type_hints(data_type)
    fields = msgspec.structs.fields(data_type)
    hidden = {"platform"}
    return ", ".join(
        f"`{field.name}`: {_type(hints[field.name])}{'' if field.required else ' (optional)'}"
        for field in fields
        if field.name not in hidden
    )


def _type(hint: object) -> str:
    text = hint.__name__ if inspect.isclass(hint) and not hasattr(hint, "__args__") else str(hint)
    return f"`{text.replace('typing.', '').replace('moderator.domain.', '')}`".replace("|", "\\|")


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE.name}\n")
