"""Commands that could not be carried out."""

import pytest
from msgspec.structs import replace

from moderator.desktop.alerts.failure_alerts import failure_alerts
from moderator.domain.rooms import Failure, Pending
from tests.fakes.desktop import NOW, a_person, a_room, a_violation

PEOPLE = (
    a_person("a", "Ann", joined_at=NOW - 3000),
    a_person("b", "Bo", joined_at=NOW - 2000),
    a_person("g", "guest-91", joined_at=NOW - 1000),
)
CROWDED = a_room("tutor-maths-b", people=PEOPLE, violations=[a_violation("g", enforced=True)])
ORDERED = Pending(command="disconnect", target="g", by="policy", at=NOW, id="c1")


def test_who_left_needs_nobody() -> None:
    gone = replace(PEOPLE[2], state="left", left_at=NOW)
    room = replace(CROWDED, participants=(*PEOPLE[:2], gone))
    assert list(failure_alerts(replace(room, failures=(Failure("disconnect", "g", NOW, 1, "no answer"),)))) == []


def test_a_command_that_failed_can_be_tried_again() -> None:
    room = replace(CROWDED, failures=(Failure("disconnect", "g", NOW, 3, "the platform does not answer."),))
    (alert,) = failure_alerts(room)
    assert alert.text == "guest-91 could not be disconnected. The platform does not answer. Tried 3 times."
    assert alert.actions[0].intents[0].action == "disconnect"
    assert list(failure_alerts(replace(room, pending=(ORDERED,)))) == []


@pytest.mark.parametrize(
    ("command", "target", "said", "again"),
    [
        ("mute", "a", "Ann could not be muted. No.", "mute"),
        ("revoke", "a", "The microphone of Ann could not be taken away. No.", "revoke"),
        ("restore", "a", "The microphone of Ann could not be given back. No.", "restore"),
        ("extension", "", "The end could not be moved. No.", "extend_custom"),
    ],
)
def test_what_failed_is_said_and_offered_as_it_was_wanted(command: str, target: str, said: str, again: str) -> None:
    (alert,) = failure_alerts(replace(CROWDED, failures=(Failure(command, target, NOW, 1, "no"),)))
    assert (alert.text, alert.level, alert.actions[0].intents[0].action) == (said, "warn", again)


def test_its_buttons_say_whom_they_are_about() -> None:
    twins = (a_person("a", "Ann", user="user-1111"), a_person("b", "Ann", user="user-2222"))
    failures = tuple(Failure("mute", target, NOW, 1, "no") for target in "ab")
    alerts = list(failure_alerts(replace(a_room("cardio-14", people=twins), failures=failures)))
    assert [alert.who for alert in alerts] == ["Ann (1111) in cardio-14", "Ann (2222) in cardio-14"]
    assert alerts[0].text.startswith("Ann (1111) could not be muted.")
    (alert,) = failure_alerts(replace(a_room(), failures=(Failure("extension", "", NOW, 1, "no"),)))
    assert alert.who == ""
