"""The policy report as rows: what was found, or ran out, and what enforcing would have done. Pure."""

from typing import Final

from msgspec import Struct

from moderator.client.texts import safe
from moderator.desktop.reasons import reason_words
from moderator.desktop.reviews.moments import day_and_time
from moderator.desktop.reviews.rows_model import MUTED, Column, Sign
from moderator.feed.policy_report import PolicyReport, RanOut, WouldBe
from moderator.language import marked, marked_in, ntr, number, tr

_POLICIES: Final = {
    "max_people": marked("Room size"),
    "allow_list": marked("Allow list"),
    "screen_share": marked("Screen share"),
    "lock": marked("Room lock"),
    "time": marked("Time limit"),
}
_WOULD: Final[dict[str, tuple[str, Sign]]] = {
    "disconnect": (marked("disconnect"), Sign("user-minus", "warn")),
    "end": (marked("end the room"), Sign("circle-x", "warn")),
    "stop": (marked("stop the screen"), Sign("screen-share", "warn")),
    "mute": (marked("mute"), Sign("mic-off", "warn")),
    "alert": (marked("alert only"), Sign("bell", "muted")),
}


class ReportRow(Struct, frozen=True, kw_only=True):
    """One thing that a policy objected to."""

    at: int
    room: str
    type: str
    policy: str
    why: str
    who: str
    would: str


class TotalRow(Struct, frozen=True):
    """How often, for a policy and a reason."""

    policy: str
    why: str
    count: int


def policy_words(policy: str) -> str:
    """A policy as people call it."""
    words = _POLICIES.get(policy)
    return tr(words) if words else safe(policy.replace("_", " ")).capitalize()


def would_words(would: str) -> str:
    """What would have been done, as people call it."""
    words = _WOULD.get(would)
    return tr(words[0]) if words else safe(would)


def report_rows(report: PolicyReport) -> list[ReportRow]:
    """Both sorts together, the newest first."""
    rows = [_of_action(one) for one in report.actions] + [_of_limit(one) for one in report.time_limits]
    return sorted(rows, key=lambda row: row.at, reverse=True)


def total_rows(report: PolicyReport) -> list[TotalRow]:
    """The most frequent first; time limits are counted too."""
    totals = [TotalRow(policy_words(one.policy), safe(reason_words(one.reason)), one.count) for one in report.totals]
    if report.time_limits:
        totals.append(TotalRow(policy_words("time"), safe(reason_words("time_over")), len(report.time_limits)))
    return sorted(totals, key=lambda row: (-row.count, row.policy, row.why))


def headline(report: PolicyReport) -> str:
    """The report in a sentence."""
    count = len(report.actions) + len(report.time_limits)
    since = day_and_time(report.since, with_seconds=False)
    if not count:
        return tr("Nothing would have been done since {time}.").format(time=since)
    rooms = {(one.source, one.room) for one in report.actions} | {(one.source, one.room) for one in report.time_limits}
    words = ntr(
        "Since {time}, policies that only observe would have acted {count} time in {rooms}.",
        "Since {time}, policies that only observe would have acted {count} times in {rooms}.",
        count,
    )
    where = ntr("{count} room", "{count} rooms", len(rooms)).format(count=number(len(rooms)))
    return words.format(time=since, count=number(count), rooms=where)


def _of_action(one: WouldBe) -> ReportRow:
    return ReportRow(
        at=one.at,
        room=safe(one.room_name or one.room),
        type=safe(one.type),
        policy=policy_words(one.policy),
        why=safe(reason_words(one.reason)),
        who=safe(one.user or one.participant),
        would=one.would,
    )


def _of_limit(one: RanOut) -> ReportRow:
    return ReportRow(
        at=one.at,
        room=safe(one.room_name or one.room),
        type=safe(one.type),
        policy=policy_words("time"),
        why=safe(reason_words("time_over")),
        who=ntr("{count} person", "{count} people", one.people).format(count=number(one.people)),
        would=one.would,
    )


COLUMNS: Final[tuple[Column[ReportRow], ...]] = (
    Column(title=marked("When"), width=176, text=lambda row: day_and_time(row.at), sign=lambda _: MUTED),
    Column(title=marked("Room"), text=lambda row: row.room, sign=lambda _: Sign(medium=True)),
    Column(title=marked("Room type"), width=130, text=lambda row: row.type, sign=lambda _: MUTED),
    Column(title=marked("Policy"), width=120, text=lambda row: row.policy),
    Column(title=marked("Reason"), width=150, text=lambda row: row.why),
    Column(title=marked_in("it would have been done to", "Who"), text=lambda row: row.who),
    Column(
        title=marked("Would have been done"),
        width=170,
        text=lambda row: would_words(row.would),
        sign=lambda row: _WOULD.get(row.would, ("", Sign()))[1],
    ),
)
TOTAL_COLUMNS: Final[tuple[Column[TotalRow], ...]] = (
    Column(title=marked("Times"), width=72, text=lambda row: number(row.count), right=True),
    Column(title=marked("Policy"), width=160, text=lambda row: row.policy, sign=lambda _: Sign(medium=True)),
    Column(title=marked("Reason"), text=lambda row: row.why),
)
