"""The order against a plain sorted list, in any sequence of changes, held and not."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.desktop.tables.order import RoomOrder
from moderator.desktop.tables.sorting import Place
from moderator.domain.ids import RoomId, RoomKey, SourceName

A, B, C, D = (RoomKey(SourceName("s"), RoomId(name)) for name in "abcd")
changes = st.lists(st.tuples(st.sampled_from([A, B, C, D]), st.none() | st.integers(0, 5)))


def at(key: RoomKey, ends_at: int | None) -> Place | None:
    return None if ends_at is None else (0, ends_at, *key)


def put(order: RoomOrder, key: RoomKey, ends_at: int | None) -> None:
    if step := order.plan(key, at(key, ends_at)):
        order.take(step)


def an_order(*rooms: tuple[RoomKey, int]) -> RoomOrder:
    order = RoomOrder()
    for key, ends_at in rooms:
        put(order, key, ends_at)
    return order


def in_order(known: Sequence[tuple[RoomKey, int | None]]) -> list[RoomKey]:
    places = [(at(key, ends_at), key) for key, ends_at in dict(known).items()]
    return [key for _, key in sorted((place, key) for place, key in places if place is not None)]


@given(changes)
def test_every_step_leaves_the_rooms_sorted(made: list[tuple[RoomKey, int | None]]) -> None:
    order = RoomOrder()
    for number, (key, ends_at) in enumerate(made, 1):
        put(order, key, ends_at)
        assert order.keys == in_order(made[:number])
        assert [order.row(each) for each in order.keys] == list(range(len(order.keys)))


@given(changes, changes)
def test_a_held_order_moves_nothing_and_is_right_when_let_go(
    before: list[tuple[RoomKey, int | None]], during: list[tuple[RoomKey, int | None]]
) -> None:
    order = RoomOrder()
    for key, ends_at in before:
        put(order, key, ends_at)
    stood = list(order.keys)
    order.held = True
    for key, ends_at in during:
        put(order, key, ends_at)
        assert order.keys[: len(stood)] == stood
        assert [order.row(each) for each in order.keys] == list(range(len(order.keys)))
    assert [key for _, key in order.due()] == in_order([*before, *during])
    assert (order.moved == 0) == (order.keys == in_order([*before, *during]))
    order.replace(order.due())
    assert (order.keys, order.moved) == (in_order([*before, *during]), 0)


@given(changes, changes)
def test_how_many_have_moved_is_the_same_however_often_it_is_asked(
    before: list[tuple[RoomKey, int | None]], during: list[tuple[RoomKey, int | None]]
) -> None:
    asked, not_asked = RoomOrder(), RoomOrder()
    for order in (asked, not_asked):
        for key, ends_at in before:
            put(order, key, ends_at)
        order.held = True
        for key, ends_at in during:
            put(order, key, ends_at)
            assert order is not_asked or asked.moved >= 0
    assert asked.moved == not_asked.moved


def test_asking_costs_what_changed_and_not_what_is_held() -> None:
    """Three thousand rooms go, next to each other; then one of the others is extended, again and again."""
    keys = [RoomKey(SourceName("s"), RoomId(f"{number:05}")) for number in range(4000)]
    order = an_order(*((key, number) for number, key in enumerate(keys)))
    order.held = True
    for key in keys[:3000]:
        put(order, key, None)
    assert order.moved == 3000
    looked = 0

    def looking(self: RoomOrder, row: int) -> bool:
        nonlocal looked
        looked += 1
        return was(self, row)

    was = RoomOrder._is_out_of_order
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RoomOrder, "_is_out_of_order", looking)
        for ends_at in range(5000, 5010):
            put(order, keys[3500], ends_at)
            assert order.moved == 3001
    assert looked == 30


def test_a_room_that_is_extended_behind_others_has_moved() -> None:
    order = an_order((A, 1), (B, 2), (C, 3))
    order.held = True
    put(order, A, 9)
    assert (order.keys, order.moved) == ([A, B, C], 1)
    put(order, A, 1)
    assert order.moved == 0


def test_a_new_room_comes_last_while_the_order_is_held() -> None:
    order = an_order((B, 5))
    order.held = True
    put(order, A, 1)
    assert (order.keys, order.moved) == ([B, A], 1)


def test_a_room_that_ended_keeps_its_row_until_the_order_is_let_go() -> None:
    order = an_order((A, 1), (B, 2))
    order.held = True
    put(order, A, None)
    assert (order.keys, order.moved) == ([A, B], 1)
    assert [key for _, key in order.due()] == [B]
