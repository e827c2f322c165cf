from hypothesis import given
from hypothesis import strategies as st

from moderator.desktop.tables.namesakes import Namesakes
from moderator.domain.ids import RoomId, RoomKey, SourceName

KEYS = [RoomKey(SourceName(source), RoomId(room)) for source in ("east", "west") for room in ("1", "2")]
EAST_1, EAST_2, WEST_1, _ = KEYS


def test_the_source_tells_them_apart_and_in_one_source_the_id() -> None:
    names = Namesakes()
    assert names.change(EAST_1, None, "gp") == frozenset()
    assert names.mark(EAST_1, "gp") == ""
    assert names.change(WEST_1, None, "gp") == {EAST_1}
    assert (names.mark(EAST_1, "gp"), names.mark(WEST_1, "gp")) == ("east", "west")
    names.change(EAST_2, None, "gp")
    assert (names.mark(EAST_1, "gp"), names.mark(EAST_2, "gp"), names.mark(WEST_1, "gp")) == ("1", "2", "west")


@given(st.lists(st.tuples(st.sampled_from(KEYS), st.none() | st.sampled_from("ab"))))
def test_everyone_is_told_whose_mark_becomes_another(changes: list[tuple[RoomKey, str | None]]) -> None:
    names, called = Namesakes(), dict[RoomKey, str]()
    for key, name in changes:
        before = {other: names.mark(other, its) for other, its in called.items() if other != key}
        touched = names.change(key, called.pop(key, None), name)
        if name is not None:
            called[key] = name
        after = {other: names.mark(other, called[other]) for other in before}
        assert {other for other in before if before[other] != after[other]} <= touched
        for other, its in called.items():
            assert bool(names.mark(other, its)) == (list(called.values()).count(its) > 1)
