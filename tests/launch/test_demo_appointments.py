"""What is announced in the demo, and that the simulated cloud understands it."""

from moderator.domain.settings import MINUTE_MS
from moderator.launch.demo_appointments import MINUTES, MISSED, TYPE, exams
from moderator.simulator.planned import Planned, planned

NOW = 1_700_000_000_000


def test_they_begin_sooner_in_a_quicker_demo() -> None:
    assert [one.starts_at for one in exams(NOW, 10)] == [NOW + minutes * MINUTE_MS // 10 for minutes in MINUTES]


def test_the_cloud_is_told_who_comes_and_the_gateway_who_should() -> None:
    first, missed = exams(NOW, 1)[0], exams(NOW, 1)[MISSED]
    assert planned(first.words) == Planned("exam-901", NOW + 3 * MINUTE_MS, "examiner-901", "candidate-901")
    assert planned(missed.words).visitor == ""
    assert [one.user for one in missed.announcement.allow] == ["examiner-903", "candidate-903"]
    assert first.announcement.type == TYPE
