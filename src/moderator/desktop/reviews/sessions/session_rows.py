"""rtcStats sessions as rows: whose, when, whether they have ended, how often somebody came back, how good. Pure."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from moderator.client.texts import safe
from moderator.desktop.reviews.moments import day_and_time
from moderator.desktop.reviews.rows_model import MUTED, PLAIN, Column, Sign
from moderator.feed.quality import QualityScores, QualitySession
from moderator.language import marked, marked_in, tr, tr_in

EARLY_MS: Final = 120_000
"""rtcStats connects about when the platform does, and their clocks may differ by so much."""
ID_CHARACTERS: Final = 13
SCORES: Final = {
    "experience": marked("experience"),
    "audio": marked("audio"),
    "video": marked("video"),
    "connectivity": marked("connectivity"),
}


class Here(Struct, frozen=True, kw_only=True):
    """What the live picture knows of the person: which row of theirs may still go on."""

    conference: str = ""
    """The opaque id of the room that they are in now; empty where it is not known."""
    user: str = ""
    since: int = 0
    """When the first of their connections that are there came."""
    connections: int = 0


NOT_HERE: Final = Here()


class SessionRow(Struct, frozen=True, kw_only=True):
    """One session, as it is shown."""

    session: QualitySession
    live: bool
    """Somebody who is in the room now: that it has no end is known to be right."""
    person: str
    room: str

    @property
    def ended(self) -> str:
        """When; or in words that it goes on, or that nobody knows."""
        if self.session.ended_at is not None:
            return day_and_time(self.session.ended_at)
        return tr("live now") if self.live else tr("end unknown")

    @property
    def rejoins(self) -> str:
        """How often the person came back into that call."""
        return str(self.session.joins - 1) if self.session.joins > 1 else tr_in("rejoins", "none")

    @property
    def score(self) -> str:
        """rtcStats' own, of a hundred."""
        scores = self.session.scores
        return tr_in("score", "none") if scores is None or scores.experience is None else f"{scores.experience:.0f}"

    @property
    def is_scored(self) -> bool:
        """Whether rtcStats said how good it was."""
        return self.session.scores is not None and self.session.scores.experience is not None


def session_rows(
    sessions: Iterable[QualitySession], here: Here, *, names: dict[str, str], rooms: dict[str, str]
) -> list[SessionRow]:
    """`names` and `rooms`: what opaque ids stand for, as far as it is known here."""
    sessions = tuple(sessions)
    live = _live(sessions, here)
    return [
        SessionRow(
            session=one,
            live=one.id in live,
            person=names.get(one.user or "", short(one.user)),
            room=rooms.get(one.conference or "", short(one.conference)),
        )
        for one in sessions
    ]


def _live(sessions: tuple[QualitySession, ...], here: Here) -> set[int]:
    """No more rows than the person has connections, the latest; older ones without an end lost theirs."""
    might = [
        one
        for one in sessions
        if one.state == "unknown"
        and one.ended_at is None
        and here.conference
        and (one.conference, one.user) == (here.conference, here.user)
        and (one.started_at or 0) >= here.since - EARLY_MS
    ]
    might.sort(key=lambda one: one.started_at or 0, reverse=True)
    return {one.id for one in might[: here.connections]}


def short(id_: str | None) -> str:
    """An opaque id as far as people can compare it: `room_3fa9c1d2…`. Safe to show."""
    text = safe(id_ or "")
    return text if len(text) <= ID_CHARACTERS + 1 else text[:ID_CHARACTERS] + "…"


def score_words(scores: QualityScores | None) -> str:
    """All that rtcStats' analysis says, in a line."""
    named = ((tr(words), getattr(scores, name)) for name, words in SCORES.items()) if scores else ()
    said = [f"{name} {value:.0f}" for name, value in named if value is not None]
    if not said:
        return tr("rtcStats has not scored this session")
    return tr("rtcStats' own scores, of 100: {scores}").format(scores=", ".join(said))


def ids_text(row: SessionRow) -> str:
    """The ids for a ticket, one a line."""
    session = row.session
    times = (day_and_time(session.started_at) if session.started_at is not None else "unknown", row.ended)
    pairs = (
        *(("rtcStats row", str(session.id)), ("user", session.user), ("conference", session.conference)),
        *(("session", session.session), ("started", times[0]), ("ended", times[1])),
        ("page", session.embed_url),
    )
    return "".join(f"{name}: {safe(value)}\n" for name, value in pairs if value)


def columns(*, of_call: bool) -> tuple[Column[SessionRow], ...]:
    """Of a call it says who; of a person, in which room."""
    whose: Column[SessionRow] = Column(
        title=marked("Person") if of_call else marked("Room"),
        text=lambda row: row.person if of_call else row.room,
        sign=lambda _: Sign(medium=True),
    )
    return (
        whose,
        Column(
            title=marked("Started"),
            width=160,
            text=lambda row: tr("unknown") if row.session.started_at is None else day_and_time(row.session.started_at),
            sign=lambda _: MUTED,
        ),
        Column(title=marked_in("time of day", "Ended"), width=164, text=lambda row: row.ended, sign=_end_sign),
        Column(
            title=marked("Rejoins"),
            width=76,
            text=lambda row: row.rejoins,
            sign=lambda row: PLAIN if row.session.joins > 1 else MUTED,
            right=True,
        ),
        Column(
            title=marked("Score"),
            width=76,
            text=lambda row: row.score,
            sign=lambda row: PLAIN if row.is_scored else MUTED,
            right=True,
        ),
    )


def _end_sign(row: SessionRow) -> Sign:
    if row.live:
        return Sign("radio", "info", medium=True)
    return Sign("", "muted") if row.session.ended_at is not None else Sign("hourglass", "stale")
