"""What can still be taken back."""

from msgspec.structs import replace

from moderator.desktop.orders.intents import Intent
from moderator.desktop.orders.undoing import UNDO_S, UndoStack
from tests.fakes.desktop import a_room

ONE = (Intent(action="unlock", room=a_room("one").key),)
TWO = (Intent(action="unlock", room=a_room("two").key),)


def test_the_last_comes_first_until_its_time_is_over() -> None:
    stack = UndoStack()
    stack.add(ONE, 0.0)
    stack.add(TWO, 5.0)
    last = stack.last(UNDO_S)
    assert last is not None
    assert last.undo == TWO
    stack.remove(last)
    assert stack.last(UNDO_S) is not None
    assert stack.last(UNDO_S + 0.1) is None


def test_a_button_and_the_key_mean_the_same() -> None:
    stack = UndoStack()
    stack.add(ONE, 0.0)
    found = stack.find(ONE)
    assert found is not None
    stack.remove(found)
    stack.remove(found)
    assert (stack.find(ONE), stack.last(0.0)) == (None, None)


def test_what_is_left_can_be_tried_again_in_the_time_that_it_had() -> None:
    stack = UndoStack()
    stack.add((*ONE, *TWO), 0.0)
    done = stack.last(1.0)
    assert done is not None
    stack.remove(done)
    stack.put_back(done, left=TWO)
    again = stack.last(UNDO_S)
    assert again is not None
    assert again.undo == TWO
    assert stack.last(UNDO_S + 1) is None


def test_what_nothing_takes_back_stands_before_what_was_done_earlier() -> None:
    stack = UndoStack()
    stack.add(ONE, 0.0)
    stack.add((), 1.0)
    last = stack.last(2.0)
    assert last is not None
    assert last.undo == ()
    assert stack.find(()) is None, "no wish means it"
    stack.remove(last)
    again = stack.last(2.0)
    assert again is not None
    assert again.undo == ONE


def test_the_way_back_is_the_same_whether_or_not_it_says_in_which_meeting() -> None:
    stack = UndoStack()
    stack.add((replace(ONE[0], instance="i1"),), 0.0)
    found = stack.find(ONE)
    assert found is not None
    assert found == stack.find(found.undo)
    assert stack.find((replace(ONE[0], instance="i2"),)) is None
