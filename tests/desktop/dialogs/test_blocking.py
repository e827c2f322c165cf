from moderator.desktop.dialogs.blocking import block_choices
from tests.fakes.desktop import NOW, a_room


def test_this_appointment_lasts_as_long_as_it_can_be_extended_and_resumed() -> None:
    choices = block_choices(a_room(left_s=60, allowance_ms=600_000), NOW)
    assert [choice.word for choice in choices] == ["this appointment", "10 min", "for good"]
    assert [choice.block for choice in choices] == [60 + 600 + 600 + 60, 600, True]


def test_an_appointment_over_time_still_gives_a_time_ahead() -> None:
    assert block_choices(a_room(left_s=-500, allowance_ms=0, rules=None), NOW)[0].block == 60


def test_without_a_deadline_half_a_day_is_offered() -> None:
    assert block_choices(a_room(left_s=None), NOW)[0].block == 12 * 3600
