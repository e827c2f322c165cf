from typing import NoReturn

from moderator.desktop.alerts.alert import Alert
from moderator.desktop.alerts.grouping import MOST_OF_A_FAMILY, NAMED, grouped, members_of
from moderator.desktop.alerts.time_alerts import time_alerts
from moderator.desktop.alerts.violation_alerts import violation_alerts
from moderator.desktop.orders.intents import Intent
from moderator.desktop.upcoming.coming import listed
from tests.fakes.desktop import MAYA, NOW, a_room, a_violation, a_warning


def warned(count: int) -> list[Alert]:
    rooms = [a_room(f"gp-{number}", left_s=200 + number, warnings=[a_warning(300)]) for number in range(count)]
    return [alert for room in rooms for alert in time_alerts(room, MAYA, NOW)]


def test_a_few_stand_for_themselves() -> None:
    alerts = warned(MOST_OF_A_FAMILY)
    assert grouped(alerts) == tuple(alerts)


def test_many_are_one_that_names_them_all() -> None:
    alerts = warned(7)
    (group,) = grouped(alerts)
    assert group.title == "7 rooms end within 5 min"
    assert group.text == "gp-0, gp-1, gp-2, gp-3, gp-4, gp-5, gp-6"
    assert group.moment == alerts[0].moment
    assert [action.label for action in group.actions] == ["+5 min for all", "Acknowledge all", "Show"]
    assert len(group.actions[0].intents) == len(group.acknowledge) == 7
    assert members_of(group, alerts) == tuple(alerts)


def test_more_than_can_be_named_are_counted_in_the_words_of_every_other_list() -> None:
    (group,) = grouped(warned(NAMED + 1))
    assert group.text == listed([f"gp-{number}" for number in range(NAMED + 1)], NAMED)
    assert group.text.endswith("gp-7 and 1 more")


class Unsearched(tuple[Alert, ...]):
    """Alerts in which nothing is looked for: with a thousand rooms that is felt."""

    def index(self, *_: object) -> NoReturn:
        raise AssertionError("searched")


def test_nothing_is_searched_for_again() -> None:
    alerts = warned(MOST_OF_A_FAMILY)
    assert grouped(Unsearched(alerts)) == tuple(alerts)


def test_a_group_keeps_its_id_when_it_grows() -> None:
    assert grouped(warned(7))[0].id == grouped(warned(8))[0].id


def test_others_keep_their_places() -> None:
    single = next(time_alerts(a_room(left_s=10, warnings=[a_warning(20)]), MAYA, NOW))
    assert [one.kind for one in grouped([single, *warned(7)])] == ["warning", "warning"]
    assert grouped([single, *warned(7)])[0] == single
    assert members_of(single, [single, *warned(7)]) == (single,)


def test_strangers_in_many_rooms_are_named_with_their_rooms() -> None:
    rooms = [a_room(f"r{number}", violations=[a_violation("bill")]) for number in range(7)]
    (group,) = grouped([alert for room in rooms for alert in violation_alerts(room)])
    assert group.title == "7 people are not allowed"
    assert group.text.startswith("Bill Buffalo in r0, ")
    assert [(one.label, one.intents) for one in group.actions] == [
        ("Show", (Intent(action="filter", filter="violations"),))
    ]
