from msgspec.structs import replace

from moderator.client.texts import clock_time
from moderator.desktop.room.summary_texts import changed_words, countdown, owner_words, time_words
from moderator.domain.rooms import Pending, Person, ReportedEnd, Room
from tests.fakes.desktop import NOW, a_room, limits

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
        a_line(extended(a_room(left_s=47, allowance_ms=1_500_000))): f"ends {ENDS} · +5 min used · 25 min left",
        a_line(extended(a_room(left_s=47, allowance_ms=0))): f"ends {ENDS} · +5 min used · none left",
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
