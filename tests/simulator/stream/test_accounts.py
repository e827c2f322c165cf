import json
from pathlib import Path
from typing import Any

import pytest

from moderator.simulator.credentials import BadCredentials
from moderator.simulator.delivery import Attempt
from moderator.simulator.stream.accounts import Account, Credentials
from moderator.simulator.stream.errors import Caller, Refused
from tests.fakes.builders import DAY
from tests.simulator.stream.running import API_KEY, an_account, token

WEBHOOKS = Path(__file__).parents[2] / "data/stream/webhooks"
NOW_S = DAY // 1000


def asked(authorization: str, query: dict[str, str] | None = None, scheme: str = "jwt") -> Caller:
    headers = {"authorization": authorization, "stream-auth-type": scheme}
    return an_account().authorize({"api_key": API_KEY} if query is None else query, headers, DAY)


@pytest.mark.parametrize("claims", [{}, {"iat": NOW_S}, {"exp": NOW_S + 1, "nbf": NOW_S}])
def test_servers_are_let_in(claims: dict[str, Any]) -> None:
    assert asked(token(**claims)) == Caller()


def test_users_are_let_in_by_their_name() -> None:
    assert asked(token(user_id="mod-1")) == Caller("mod-1")


@pytest.mark.parametrize(("claims", "code"), [({"exp": NOW_S}, 40), ({"nbf": NOW_S + 1}, 41), ({"iat": NOW_S + 1}, 42)])
def test_times_are_judged_where_a_token_has_them(claims: dict[str, Any], code: int) -> None:
    with pytest.raises(Refused) as error:
        asked(token(**claims))
    assert (error.value.code, error.value.status) == (code, 401)


@pytest.mark.parametrize(
    ("authorization", "query", "scheme", "code"),
    [
        (token(), {}, "jwt", 2),
        (token(), {"api_key": "another"}, "jwt", 2),
        (token(), None, "", 5),
        ("", None, "jwt", 5),
        (f"Bearer {token()}", None, "jwt", 5),
        (token("x" * 40), None, "jwt", 43),
    ],
)
def test_others_are_refused(authorization: str, query: dict[str, str] | None, scheme: str, code: int) -> None:
    with pytest.raises(Refused) as error:
        asked(authorization, query, scheme)
    assert error.value.code == code


@pytest.mark.parametrize("name", ["call.session_started", "call.session_started.ns", "call.blocked_user"])
def test_webhooks_are_signed_like_the_documented_ones(name: str) -> None:
    body = (WEBHOOKS / f"{name}.json").read_bytes()
    documented = json.loads((WEBHOOKS / f"{name}.headers.json").read_text("utf-8"))
    account = Account(Credentials("fixturekey01", "fixture-secret-not-real-fixture-secret"))
    ours = account.headers(Attempt(body, documented["X-Webhook-Id"].replace("-", ""), 1, DAY))
    assert ours == documented


def test_an_application_needs_both() -> None:
    with pytest.raises(BadCredentials, match="api_secret"):
        Account(Credentials("key", ""))
