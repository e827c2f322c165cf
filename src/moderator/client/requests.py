"""How the gateway is asked: with a token, in JSON, refusals as errors. Which routes there are is in `commands`."""

import uuid
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct

from moderator.client.errors import GatewayFailed, GatewayUnreachable, is_page, page_instead, refusal
from moderator.client.tokens import Tokens, with_token
from moderator.http import HttpClient, HttpError, Reply
from moderator.language import tr

TIMEOUT_S: Final = 10.0
T = TypeVar("T")


class Accepted(Struct, frozen=True):
    """The gateway took the command; what comes of it is told by the feed."""

    seq: int | None = None


class GatewayRequests:
    """One moderator at one gateway: what the classes that know its routes are made of.

    Every command carries a key that makes its repetition harmless, and is repeated once with that key when no answer
    came. Every method raises GatewayError (`moderator.client.errors`).
    """

    def __init__(self, url: str, tokens: Tokens, http: HttpClient) -> None:
        """`url` without `/v1`."""
        self._url = url.rstrip("/")
        self._tokens = tokens
        self._http = http

    async def _ask(self, path: str, type_: type[T]) -> T:
        return decoded(await self._answer("GET", path, {}, None), type_)

    async def _accepted(self, method: str, path: str, body: dict[str, Any] | None = None) -> Accepted:
        answer = await self._order(method, path, body)
        return decoded(answer, Accepted) if answer.strip() else Accepted()

    async def _order(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, timeout_s: float | None = None
    ) -> bytes:
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = msgspec.json.encode(body)
        try:
            return await self._answer(method, path, headers, content, timeout_s)
        except GatewayUnreachable:
            return await self._answer(method, path, headers, content, timeout_s)

    async def _answer(
        self, method: str, path: str, headers: dict[str, str], content: bytes | None, timeout_s: float | None = None
    ) -> bytes:
        """The body of a good answer."""

        async def attempt(token: str) -> bytes:
            sent = {"Authorization": f"Bearer {token}", "Accept": "application/json", **headers}
            try:
                reply: Reply = await self._http.request(
                    method, self._url + path, headers=sent, body=content, timeout_s=timeout_s or TIMEOUT_S
                )
            except HttpError as error:
                raise GatewayUnreachable(str(error), fault=error.fault) from error
            if not 200 <= reply.status < 300:
                raise refusal(reply.status, reply.body)
            return reply.body

        return await with_token(self._tokens, attempt)


def decoded(body: bytes, type_: type[T]) -> T:
    """A good answer's body. Raises GatewayFailed for what is none."""
    try:
        return msgspec.json.decode(body, type=type_)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        if is_page(body):
            raise page_instead() from error
        words = tr("the gateway's answer makes no sense: {why}. Gateway and program may be of different versions")
        raise GatewayFailed(words.format(why=error), "garbled") from error
