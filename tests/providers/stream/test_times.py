import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.providers.reporting import NotUnderstoodError
from moderator.providers.stream.times import LATEST_MS, Time, moment_ms
from tests.providers.stream.made import text


@pytest.mark.parametrize(
    ("written", "ms"),
    [
        ("2026-09-21T10:00:15.142187951Z", 1_789_984_815_142),
        ("2026-09-21T10:00:15.14Z", 1_789_984_815_140),
        ("2026-09-21T10:00:15Z", 1_789_984_815_000),
        ("2026-09-21T10:00:15.Z", 1_789_984_815_000),
        ("2026-09-21T12:00:15.142+02:00", 1_789_984_815_142),
        ("2026-09-21t10:00:15z", 1_789_984_815_000),
        (1_789_984_815_142_187_951, 1_789_984_815_142),
        ("1789984815142187951", 1_789_984_815_142),
        (1.789984815142e18, 1_789_984_815_142),
        (None, None),
        ("", None),
        (0, None),
        (-1, None),
        ("0001-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+23:59", None),
        ("1969-12-31T23:59:59Z", None),
    ],
)
def test_both_forms(written: Time, ms: int | None) -> None:
    assert moment_ms(written) == ms


@pytest.mark.parametrize(
    "written",
    [
        *("soon", "2026-09-21", "2026-09-21T10:00:15", "2026-13-21T10:00:15Z", "2026-09-21T25:00:15Z"),
        *("٢٠٢٦-09-21T10:00:15Z", "²", "9" * 31, "-5"),
        *(float("inf"), float("nan"), (LATEST_MS + 1) * 1_000_000),
    ],
)
def test_what_is_no_time(written: Time) -> None:
    with pytest.raises(NotUnderstoodError):
        moment_ms(written)


@given(st.integers(min_value=1, max_value=4_000_000_000_000))
def test_both_forms_of_a_moment_are_the_same(at: int) -> None:
    assert moment_ms(text(at)) == moment_ms(at * 1_000_000 + 187_951) == at


@given(st.text(max_size=40) | st.floats() | st.integers())
def test_no_time_is_too_strange(written: Time) -> None:
    try:
        found = moment_ms(written)
    except NotUnderstoodError:
        return
    assert found is None or 0 < found <= LATEST_MS
