import pytest

from moderator.desktop.durations import age, amount, rough, spoken, step


@pytest.mark.parametrize(
    ("seconds", "text", "signed"),
    [
        (0, "0 s", "+0 s"),
        (30, "30 s", "+30 s"),
        (300, "5 min", "+5 min"),
        (90, "1 min 30 s", "+1 min 30 s"),
        (5400, "1 h 30 min", "+1 h 30 min"),
        (3601, "1 h 1 s", "+1 h 1 s"),
        (-300, "5 min", "\u22125 min"),
    ],
)
def test_an_amount(seconds: int, text: str, signed: str) -> None:
    assert (amount(seconds), amount(seconds, signed=True)) == (text, signed)


@pytest.mark.parametrize(
    ("milliseconds", "label"), [(300_000, "+5"), (60_000, "+1"), (30_000, "+30 s"), (90_000, "+90 s"), (0, "+0 s")]
)
def test_a_step(milliseconds: int, label: str) -> None:
    assert step(milliseconds) == label


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.0 s"),
        (0.44, "0.4 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (10, "10 s"),
        (119, "119 s"),
        (119.6, "2 min"),
        (120, "2 min"),
        (7199, "120 min"),
        (7200, "2 h"),
    ],
)
def test_an_age(seconds: float, text: str) -> None:
    assert age(seconds) == text


@pytest.mark.parametrize(
    ("milliseconds", "text"), [(-5, "0 s"), (59_999, "59 s"), (60_000, "1 min"), (3_900_000, "1 h 05 min")]
)
def test_a_rough_duration(milliseconds: int, text: str) -> None:
    assert rough(milliseconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (252, "4 minutes 12 seconds"),
        (3900, "1 hour 5 minutes"),
        (3661, "1 hour 1 minute"),
        (20, "20 seconds"),
        (0, "0 seconds"),
    ],
)
def test_a_duration_that_is_read_out(seconds: int, text: str) -> None:
    assert spoken(seconds) == text
