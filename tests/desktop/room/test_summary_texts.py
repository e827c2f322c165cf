from msgspec.structs import replace

from moderator.client.texts import clock_time
from moderator.desktop.room.summary_texts import (
    announced_words,
    changed_words,
    countdown,
    lock_words,
    owner_words,
    time_words,
)
from moderator.domain.rooms import Lock, Pending, Person, ReportedEnd, Room
from tests.fakes.desktop import NOW, a_room, an_appointment, limits

ENDS = clock_time(NOW + 47_000, with_seconds=False)


def extended(room: Room, by: str = "ana", name: str = "") -> Room:
    assert room.deadline is not None
    return replace(room, deadline=replace(room.deadline, extended_ms=300_000, changed_by=by, changed_by_name=name))


def test_the_countdown_says_what_it_is_worth() -> None:
    assert countdown(a_room(left_s=47), NOW, stale=False) == "00:47"
    assert countdown(a_room(left_s=47), NOW, stale=True) == "≈ 00:47"
    assert countdown(a_room(left_s=-133), NOW, stale=False) == "+02:13 over"


def test_nothing_counts_down_without_a_deadline_or_after_the_end() -> None:
    assert countdown(a_room(left_s=None), NOW, stale=False) == ""
    assert countdown(a_room(state="ended"), NOW, stale=False) == ""


def test_the_line_about_time() -> None:
    waiting = replace(limits(), starts="second_person")
    cases = {
        a_line(a_room(left_s=47)): f"ends {ENDS}",
        a_line(a_room(left_s=47, allowance_ms=1_500_000)): f"ends {ENDS} · 25 min may be added",
        a_line(
            extended(a_room(left_s=47, allowance_ms=1_500_000))
        ): f"ends {ENDS} · +5 min used · 25 min may still be added",
        a_line(extended(a_room(left_s=47, allowance_ms=0))): f"ends {ENDS} · +5 min used · no more may be added",
        a_line(a_room(left_s=None, rules=None)): "nothing ends it by itself",
        a_line(a_room(left_s=None, rules=waiting)): "waiting for the second person",
        a_line(a_room(state="ended")): f"ended {clock_time(NOW, with_seconds=False)}",
    }
    assert list(cases) == list(cases.values())


def test_an_end_that_the_platform_keeps_says_whose_it_is() -> None:
    room = replace(extended(a_room(left_s=47)), provider="stream")
    assert room.deadline
    kept = replace(room, deadline_is_platforms=True)
    assert time_words(kept) == f"ends {ENDS} · +5 min used · kept by Stream"
    asked = replace(kept, pending=(Pending(command="extension", target="", by="maya", at=NOW, id="x"),))
    assert changed_words(asked, "maya") == "asking Stream to move the end…"


def test_a_platform_that_keeps_no_end_says_so_instead_of_waiting() -> None:
    room = replace(a_room(left_s=None), provider="stream", deadline_is_platforms=True)
    assert time_words(room) == "Stream has told no end yet"
    assert time_words(replace(room, reported_end=ReportedEnd(NOW, "e"))) == "nothing ends it by itself"


def a_line(room: Room) -> str:
    return time_words(room)


def test_who_extended_last_is_named_where_somebody_did() -> None:
    assert changed_words(a_room(), "maya") == ""
    assert changed_words(extended(a_room()), "maya") == "last extended by ana"
    assert changed_words(extended(a_room(), "ana", "Ana\n"), "maya") == "last extended by Ana\ufffd"
    assert changed_words(extended(a_room(), "maya", "Maya"), "maya") == "last extended by you"


def test_the_owner_is_named() -> None:
    assert owner_words(a_room(), "maya") == "Nobody looks after it"
    assert owner_words(a_room(owner=Person("maya", "Maya")), "maya") == "You look after it"
    assert owner_words(a_room(owner=Person("leo")), "maya") == "leo looks after it"


def test_what_is_announced_and_what_comes_next() -> None:
    now, later = an_appointment("appt-17", -1800), an_appointment("appt-18", 1800)
    begins, ends, follows = (
        clock_time(at, with_seconds=False) for at in (now.starts_at, now.starts_at + 3_600_000, later.starts_at)
    )
    room = a_room()
    assert announced_words(room) == ""
    assert announced_words(replace(room, appointment=now)) == f"announced {begins}\N{EN DASH}{ends}"
    assert (
        announced_words(replace(room, limits=None, appointment=replace(now, duration_ms=None))) == f"announced {begins}"
    )
    assert announced_words(replace(room, next_appointment=later)) == f"next: appt-18 at {follows}"
    both = announced_words(replace(room, appointment=now, next_appointment=later))
    assert both == f"announced {begins}\N{EN DASH}{ends} · next: appt-18 at {follows}"


def test_who_locked_the_room() -> None:
    locked = replace(a_room(), locked=Lock(by="otto", at=NOW, people=("lee",)))
    assert lock_words(a_room(), {}, "maya") == "Open to anybody"
    assert lock_words(a_room(rules=replace(limits(), allow="listed")), {}, "maya") == "Open to those listed"
    assert lock_words(locked, {}, "maya") == "Locked by otto"
    assert lock_words(locked, {"otto": "Otto"}, "maya") == "Locked by Otto"
    assert lock_words(replace(locked, allowed=("lee", "kim")), {}, "otto") == "Locked by you · 1 let in"
