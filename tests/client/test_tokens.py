"""One more attempt after a 401, if there is another token, and never more than that."""

import pytest

from moderator.client.errors import Forbidden, GatewayUnreachable, SignedOut
from moderator.client.tokens import FixedToken, with_token
from tests.fakes.asked_token import AskedToken


class Attempt:
    def __init__(self, *errors: Exception | None) -> None:
        self._errors = list(errors)
        self.shown: list[str] = []

    async def __call__(self, token: str) -> str:
        self.shown.append(token)
        if (error := self._errors.pop(0)) is not None:
            raise error
        return "done"


async def test_a_token_that_is_taken_is_shown_once() -> None:
    attempt = Attempt(None)
    assert await with_token(FixedToken("a"), attempt) == "done"
    assert attempt.shown == ["a"]


async def test_a_fixed_token_that_is_refused_is_refused() -> None:
    attempt = Attempt(SignedOut("no"))
    with pytest.raises(SignedOut):
        await with_token(FixedToken("a"), attempt)
    assert attempt.shown == ["a"]


async def test_one_that_was_replaced_is_shown_next() -> None:
    words = iter(["a", "b", "b"])
    attempt = Attempt(SignedOut("no"), None)
    assert await with_token(AskedToken(lambda: next(words)), attempt) == "done"
    assert attempt.shown == ["a", "b"]


@pytest.mark.parametrize("error", [Forbidden("no"), GatewayUnreachable("no")])
async def test_nothing_else_is_repeated(error: Exception) -> None:
    words = iter("abcdef")
    attempt = Attempt(error)
    with pytest.raises(type(error)):
        await with_token(AskedToken(lambda: next(words)), attempt)
    assert attempt.shown == ["a"]
