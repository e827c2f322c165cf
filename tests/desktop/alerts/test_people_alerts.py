import pytest
from msgspec.structs import replace

from moderator.desktop.alerts.people_alerts import failure_alerts, violation_alerts
from moderator.domain.rooms import Failure, Pending, Room, Violation
from moderator.domain.settings import Capability
from tests.fakes.desktop import NOW, a_person, a_room, a_violation

PEOPLE = (
    a_person("a", "Ann", joined_at=NOW - 3000),
    a_person("b", "Bo", joined_at=NOW - 2000),
    a_person("g", "guest-91", joined_at=NOW - 1000),
)
CROWDED = a_room("tutor-maths-b", people=PEOPLE, violations=[a_violation("g", enforced=True)])
ORDERED = Pending(command="disconnect", target="g", by="policy", at=NOW, id="c1")


def said(room: Room, *, held: bool = False) -> list[str]:
    return [alert.text for alert in violation_alerts(room, held=held)]


def test_one_too_many() -> None:
    (alert,) = violation_alerts(CROWDED)
    assert (alert.title, alert.text) == ("tutor-maths-b", "guest-91 is the third of two.")
    assert [action.label for action in alert.actions] == ["Disconnect and block\u2026", "Allow", "Open"]
    assert alert.actions[0].intents[0].participant == "g"


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [("not_listed", "is not on the list."), ("wrong_share", "shares what is not allowed here.")],
)
def test_why_somebody_is_not_allowed(reason: str, sentence: str) -> None:
    violation = replace(a_violation("g", enforced=True), reason=reason)
    assert said(replace(CROWDED, violations=(violation,))) == [f"guest-91 {sentence}"]


def test_what_is_done_about_it() -> None:
    observed = replace(CROWDED, violations=(a_violation("g"),))
    assert said(replace(CROWDED, pending=(ORDERED,)))[0].endswith("Being disconnected.")
    assert said(observed)[0].endswith("Only observed: nobody acts on it.")
    assert said(CROWDED, held=True)[0].endswith("Disconnects are paused.")


@pytest.mark.parametrize(
    "room",
    [
        replace(CROWDED, participants=(*PEOPLE[:2], replace(PEOPLE[2], user=""))),
        replace(CROWDED, capabilities={"block": Capability(None, "it cannot")}),
    ],
    ids=["no identity", "no blocking"],
)
def test_no_promise_to_block_where_it_cannot_be_kept(room: Room) -> None:
    (alert,) = violation_alerts(room)
    assert alert.actions[0].label == "Disconnect\u2026"


def test_who_left_needs_nobody() -> None:
    gone = replace(PEOPLE[2], state="left", left_at=NOW)
    room = replace(CROWDED, participants=(*PEOPLE[:2], gone))
    failed = replace(room, failures=(Failure("disconnect", "g", NOW, 1, "no answer"),))
    assert said(room) == []
    assert list(failure_alerts(failed)) == []


def test_a_room_that_ended_needs_nobody() -> None:
    assert said(replace(CROWDED, state="ended")) == []


def test_the_same_person_found_again_is_another_alert() -> None:
    def alert_id(violation: Violation) -> str:
        return next(violation_alerts(replace(CROWDED, violations=(violation,)))).id

    assert alert_id(a_violation("g")) != alert_id(a_violation("g", found_at=NOW))


def test_a_command_that_failed_can_be_tried_again() -> None:
    room = replace(CROWDED, failures=(Failure("disconnect", "g", NOW, 3, "the platform does not answer."),))
    (alert,) = failure_alerts(room)
    assert alert.text == "guest-91 could not be disconnected: the platform does not answer. Tried 3 times."
    assert alert.actions[0].intents[0].action == "disconnect"
    assert list(failure_alerts(replace(room, pending=(ORDERED,)))) == []


@pytest.mark.parametrize(
    ("command", "target", "said", "again"),
    [
        ("mute", "a", "Ann could not be muted: no.", "mute"),
        ("revoke", "a", "The microphone of Ann could not be taken away: no.", "revoke"),
        ("restore", "a", "The microphone of Ann could not be given back: no.", "restore"),
        ("extension", "", "The end could not be moved: no.", "extend_custom"),
    ],
)
def test_what_failed_is_said_and_offered_as_it_was_wanted(command: str, target: str, said: str, again: str) -> None:
    (alert,) = failure_alerts(replace(CROWDED, failures=(Failure(command, target, NOW, 1, "no"),)))
    assert (alert.text, alert.level, alert.actions[0].intents[0].action) == (said, "warn", again)


def test_names_cannot_forge_lines() -> None:
    room = replace(CROWDED, participants=(*PEOPLE[:2], replace(PEOPLE[2], name="x\n\u202egp")))
    assert "\n" not in said(room)[0]
    assert "\u202e" not in said(room)[0]
