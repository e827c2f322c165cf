from moderator.desktop.alerts.alert import Alert
from moderator.desktop.alerts.news import hold_alerts
from moderator.desktop.alerts.time_alerts import time_alerts
from moderator.desktop.alerts.violation_alerts import violation_alerts
from moderator.desktop.alerts.warning_watch import MOST_AT_ONCE, fresh, gone, notifications
from moderator.desktop.orders.intents import Intent
from moderator.domain.rooms import Room
from moderator.domain.state import Hold
from tests.fakes.desktop import MAYA, NOW, a_room, a_violation, a_warning


def of(*rooms: Room) -> list[Alert]:
    return [one for room in rooms for one in (*time_alerts(room, MAYA, NOW), *violation_alerts(room))]


def warned(name: str, threshold_s: int) -> Room:
    return a_room(name, left_s=threshold_s - 1, warnings=[a_warning(threshold_s)])


def possible(intent: Intent) -> str:
    return ""


def test_each_threshold_is_told_once() -> None:
    alerts = of(warned("a", 300))
    assert fresh(alerts, ()) == tuple(alerts)
    assert fresh(alerts, {alerts[0].id}) == ()
    assert fresh(of(warned("a", 60)), {alerts[0].id}) != ()


def test_what_needs_nobody_is_not_told() -> None:
    assert fresh(hold_alerts(Hold("leo", NOW)), ()) == ()


def test_a_notification_has_the_first_button_and_opens_the_room() -> None:
    warning, stranger = notifications(
        of(warned("cardio-14", 60), a_room("b", violations=[a_violation("bill")])), possible
    )
    assert warning.title == "cardio-14: 1 minute left"
    assert [action.label for action in warning.actions] == ["+5 min", "Open"]
    assert stranger.title == "b: not allowed"
    assert [action.label for action in stranger.actions] == ["Disconnect and block\u2026", "Open"]
    assert stranger.opens.intents[0].action == "select"


def test_a_notification_has_no_button_for_what_cannot_be_done() -> None:
    """It could not be shown as off, and would be pressed for nothing."""
    (warning,) = notifications(of(warned("a", 60)), lambda intent: "no" if intent.action == "extend" else "")
    assert [action.label for action in warning.actions] == ["Open"]


def test_many_at_once_are_one() -> None:
    several = of(*(warned(f"r{number}", 300) for number in range(MOST_AT_ONCE)))
    assert len(notifications(several, possible)) == MOST_AT_ONCE
    (together,) = notifications(of(*(warned(f"r{number}", 300) for number in range(7))), possible)
    assert together.title == "7 rooms end within 5 min"
    assert len(together.alerts) == 7


def test_it_is_taken_back_when_none_of_it_is_true() -> None:
    rooms = [warned(f"r{number}", 300) for number in range(7)]
    (together,) = notifications(of(*rooms), possible)
    showing = {together.id: together}
    assert gone(showing, of(rooms[6])) == ()
    assert gone(showing, of(warned("r6", 60))) == (together.id,)
