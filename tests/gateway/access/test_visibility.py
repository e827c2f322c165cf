"""What is shown to whom."""

import pytest
from msgspec.structs import replace

from moderator.domain.accounting import (
    AuditExported,
    AuditViewed,
    Checkpoint,
    CredentialsIssued,
    CredentialsRefused,
    DutyStarted,
    SignInDenied,
)
from moderator.domain.announcements import Appointment, RoomAnnounced, RoomOpened
from moderator.domain.events import AccessDenied, Event, SourceSilent
from moderator.domain.ids import RoomKey
from moderator.domain.kinds import Data
from moderator.gateway.access.tokens import Access
from moderator.gateway.access.visibility import View, as_seen, sees_event, sees_named
from tests.fakes.builders import DAY, SOURCE, a_decision


def access(*patterns: str, scopes: tuple[str, ...] = ("rooms:read",)) -> Access:
    return Access("maya", "Maya", "1", 2**40, frozenset(scopes), patterns)


def about(data: Data, *, source: str | None = SOURCE, room: str | None = None) -> Event:
    return replace(a_decision(data), source=source, room=room)


def name_of(key: RoomKey) -> str:
    return f"ward-{key.room}"


@pytest.mark.parametrize(
    ("event", "patterns", "seen"),
    [
        (about(DutyStarted(moderator="m"), source=None), ["other/*"], True),
        (about(SourceSilent()), [f"{SOURCE}/x"], True),
        (about(SourceSilent()), ["other/*"], False),
        (about(CredentialsIssued(expires_at=1), room="7"), [f"{SOURCE}/7"], True),
        (about(CredentialsIssued(expires_at=1), room="7"), [f"{SOURCE}/ward-*"], True),
        (about(CredentialsIssued(expires_at=1), room="8"), [f"{SOURCE}/7"], False),
        (about(CredentialsRefused(code="c", room_name="visit")), [f"{SOURCE}/visit"], True),
        (about(CredentialsRefused(code="c", room_name="visit")), [f"{SOURCE}/7"], False),
        (about(RoomAnnounced(name="visit", starts_at=DAY)), [f"{SOURCE}/visit"], True),
        (about(RoomAnnounced(name="visit", room="7", starts_at=DAY)), [f"{SOURCE}/7"], True),
        (about(RoomOpened(name="visit", room="7")), [f"{SOURCE}/8"], False),
    ],
)
def test_events(event: Event, patterns: list[str], seen: bool) -> None:
    assert sees_event(access(*patterns), event, name_of) is seen


@pytest.mark.parametrize(
    "data",
    [
        AccessDenied(origin="o", reason="r"),
        SignInDenied(),
        AuditExported(format="csv"),
        Checkpoint(leaves=(), head="h"),
    ],
)
def test_what_is_about_the_audit_needs_its_scope(data: Data) -> None:
    event = about(data, source=None)
    assert not sees_event(access("*"), event, name_of)
    assert sees_event(access("other/*", scopes=("audit:read",)), event, name_of)


@pytest.mark.parametrize(
    ("data", "hidden"),
    [
        (AccessDenied(origin="o", reason="not within clinic/room-b"), AccessDenied(origin="o", reason="")),
        (AuditViewed(query="person=bob", count=2), AuditViewed(count=2)),
        (AuditExported(format="csv", query="person=bob"), AuditExported(format="csv")),
        (SignInDenied(), SignInDenied()),
    ],
)
def test_whom_others_looked_for_is_shown_to_those_who_see_all_rooms(data: Data, hidden: Data) -> None:
    event = about(data, source=None)
    assert as_seen(access("a/x", "*"), event) is event
    assert as_seen(access("clinic/*"), event).data == hidden


def test_an_appointment_is_seen_by_its_name_or_its_room() -> None:
    one = Appointment(source=SOURCE, name="visit", room="7", starts_at=DAY)
    assert [sees_named(access(f"{SOURCE}/{text}"), SOURCE, one) for text in ("visit", "7", "x")] == [True, True, False]


def test_who_sees_the_same_shares_a_view() -> None:
    assert View.of(access("b", "a", "b")) == View.of(access("a", "b"))
    assert View.of(access("a")) != View.of(access("a", scopes=("audit:read",)))
