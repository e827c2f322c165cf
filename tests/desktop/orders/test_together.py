"""What came of several wishes at once."""

from moderator.desktop.orders.intents import Intent
from moderator.desktop.orders.notices import Notice, Result
from moderator.desktop.orders.together import together
from tests.fakes.desktop import a_room

WISHES = [Intent(action="extend", room=a_room(name).key) for name in ("one", "two", "three", "four")]
UNDO = [Intent(action="extend", room=wish.room, seconds=-300) for wish in WISHES]
DONE = [
    Notice(tone="done", text=f"{n}: done.", action="Undo", intents=(back,), undo=(back,)) for n, back in enumerate(UNDO)
]
FAILED = Notice(tone="problem", text="two: no.")
ASKED = Notice(
    tone="info",
    text="three: Ana was quicker.",
    action="Add 5 min more",
    intents=(WISHES[2],),
    again=(WISHES[2],),
    asks=True,
)
UNSURE = Notice(tone="info", text="four: not confirmed.")


def test_all_of_it_is_taken_back_together() -> None:
    notice = together(WISHES, DONE)
    assert (notice.tone, notice.text, notice.action) == ("done", "Done for 4 rooms.", "Undo all")
    assert notice.intents == notice.undo == tuple(UNDO)
    assert notice.results == ()


def test_each_that_did_not_work_out_comes_first_and_what_was_done_can_still_be_taken_back() -> None:
    notice = together(WISHES, [DONE[0], FAILED, ASKED, UNSURE])
    assert (notice.tone, notice.text, notice.action) == ("problem", "Done for 1 of 4 rooms.", "Retry failed")
    assert (notice.intents, notice.undo, notice.again) == ((WISHES[1],), (UNDO[0],), (WISHES[2],))
    assert notice.results == (
        Result("problem", "two: no."),
        Result("info", "three: Ana was quicker."),
        Result("info", "four: not confirmed."),
        Result("done", "0: done."),
    )


def test_what_somebody_else_changed_is_asked_when_nothing_failed() -> None:
    notice = together(WISHES[:3], [*DONE[:2], ASKED])
    assert (notice.tone, notice.action, notice.intents) == ("info", "Add anyway", (WISHES[2],))


def test_what_is_not_confirmed_leaves_nothing_to_press() -> None:
    notice = together(WISHES[:2], [DONE[0], UNSURE])
    assert (notice.tone, notice.action, notice.intents) == ("info", "", ())


def test_the_devices_of_one_person_are_told_as_one() -> None:
    notice = together([WISHES[0]] * 2, [DONE[0], DONE[0]])
    assert (notice.text, notice.action, notice.undo) == ("0: done.", "Undo", (UNDO[0], UNDO[0]))
    partly = together([WISHES[0]] * 2, [DONE[0], FAILED])
    assert partly.text == "Done for 1 of 2 devices."
