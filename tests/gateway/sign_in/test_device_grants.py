"""Codes: each for one person, one time and not for long."""

import pytest

from moderator.domain.events import Actor
from moderator.gateway.access.tokens import Grant
from moderator.gateway.sign_in.device_grants import (
    ALPHABET,
    INTERVAL_S,
    LIFETIME_S,
    MAX_OF_PEER,
    MAX_WAITING,
    SLOWER_S,
    DeviceGrants,
    NotGranted,
    written,
)

GRANT = Grant("maya", ("rooms:read",))
ADMIN = Actor("moderator", "ada", "Ada")


@pytest.fixture
def grants() -> DeviceGrants:
    return DeviceGrants()


def begun(grants: DeviceGrants, now_s: float = 0, peer: str = "192.0.2.7") -> tuple[str, str]:
    codes = grants.begin(now_s, peer)
    assert codes is not None
    return codes


def approve(grants: DeviceGrants, user_code: str, now_s: float = 0) -> None:
    waiting = grants.find(user_code, now_s)
    assert waiting is not None
    waiting.grant, waiting.approved_by = GRANT, ADMIN


def refused(grants: DeviceGrants, device_code: str, now_s: float) -> str:
    with pytest.raises(NotGranted) as raised:
        grants.take(device_code, now_s)
    return raised.value.code


def test_codes_are_long_and_of_letters_that_are_not_mistaken(grants: DeviceGrants) -> None:
    device_code, user_code = begun(grants)
    assert len(device_code) >= 43
    assert len(user_code) == 8
    assert set(user_code) <= set(ALPHABET)
    assert len(ALPHABET) == 20
    assert not set("AEIOUY01") & set(ALPHABET)
    assert written("WDJBMJHT") == "WDJB-MJHT"


def test_approved_and_taken_once(grants: DeviceGrants) -> None:
    device_code, user_code = begun(grants)
    assert refused(grants, device_code, INTERVAL_S) == "authorization_pending"
    approve(grants, user_code)
    taken = grants.take(device_code, 2 * INTERVAL_S)
    assert (taken.grant, taken.approved_by) == (GRANT, ADMIN)
    assert refused(grants, device_code, 3 * INTERVAL_S) == "invalid_grant"
    assert grants.find(user_code, 3 * INTERVAL_S) is None


@pytest.mark.parametrize("form", ["{0}{1}", "{0}-{1}", " {0} {1} ", "{0}/{1}"])
def test_however_people_write_a_code(grants: DeviceGrants, form: str) -> None:
    _, code = begun(grants)
    assert grants.find(form.format(code[:4], code[4:]), 0) is not None
    assert grants.find(form.format(code[:4].lower(), code[4:].lower()), 0) is not None
    assert grants.find(form.format(code[4:], code[:4]), 0) is None or code[:4] == code[4:]


def test_denied(grants: DeviceGrants) -> None:
    device_code, user_code = begun(grants)
    waiting = grants.find(user_code, 0)
    assert waiting is not None
    waiting.denied = True
    assert grants.find(user_code, 0) is None, "whoever was refused is not approved after all"
    assert refused(grants, device_code, INTERVAL_S) == "access_denied"
    assert refused(grants, device_code, 2 * INTERVAL_S) == "invalid_grant"


def test_who_asks_too_often_waits_longer_each_time(grants: DeviceGrants) -> None:
    device_code, user_code = begun(grants)
    approve(grants, user_code)
    assert refused(grants, device_code, 1) == "slow_down"
    assert refused(grants, device_code, 1 + INTERVAL_S) == "slow_down"
    assert grants.take(device_code, 1 + INTERVAL_S + INTERVAL_S + 2 * SLOWER_S).grant == GRANT


def test_a_code_expires_even_when_approved(grants: DeviceGrants) -> None:
    device_code, user_code = begun(grants)
    approve(grants, user_code)
    other, other_user_code = begun(grants)
    assert refused(grants, device_code, LIFETIME_S) == "expired_token"
    assert grants.find(other_user_code, LIFETIME_S) is None
    begun(grants, 2 * LIFETIME_S)
    assert refused(grants, other, 2 * LIFETIME_S) == "invalid_grant"


def test_only_so_many_wait_and_room_is_made_by_time(grants: DeviceGrants) -> None:
    for number in range(MAX_WAITING):
        begun(grants, peer=f"192.0.2.{number % 10}")
    assert grants.begin(1, "198.51.100.1") is None
    assert grants.begin(LIFETIME_S, "198.51.100.1") is not None


def test_one_address_keeps_nobody_else_out(grants: DeviceGrants) -> None:
    for _ in range(MAX_OF_PEER):
        begun(grants)
    assert grants.begin(1, "192.0.2.7") is None
    assert grants.begin(1, "192.0.2.8") is not None


def test_those_that_have_expired_go_first_but_only_when_they_are_in_the_way(grants: DeviceGrants) -> None:
    first, _ = begun(grants)
    for _ in range(MAX_OF_PEER - 2):
        begun(grants, 1)
    begun(grants, LIFETIME_S)
    assert refused(grants, first, LIFETIME_S) == "expired_token", "there was room"
    other, _ = begun(grants, LIFETIME_S)
    begun(grants, LIFETIME_S + 1)
    assert refused(grants, other, LIFETIME_S + 10) == "authorization_pending"


def test_an_unknown_code(grants: DeviceGrants) -> None:
    assert refused(grants, "unknown", 0) == "invalid_grant"
    assert grants.find("", 0) is None
