"""The audit, as the gateway tells it: pages of it, a copy, whether it was changed; and erasing a person."""

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Final
from urllib.parse import urlencode

from msgspec import Struct

from moderator.client.errors import GatewayFailed, GatewayUnreachable, refusal
from moderator.client.requests import GatewayRequests, decoded
from moderator.client.tokens import with_token
from moderator.domain.events import Event
from moderator.feed.audit import AuditOutcome, AuditPage, AuditRow, Erased, Format, Verified
from moderator.feed.codec import CodecError, decode_event
from moderator.http import HttpError

LONG_S: Final = 600.0
"""The gateway reads its whole log."""
IDLE_S: Final = 60.0
"""An export in which so long nothing comes has ended."""
MAX_PROBLEM_BYTES: Final = 64 * 1024


class Audited(Struct, frozen=True):
    """One event of the log, and what came of it."""

    event: Event
    outcome: AuditOutcome
    room_name: str = ""
    why: str = ""
    person: str = ""
    """What the participant is called whom it is about."""


class AuditedPage(Struct, frozen=True):
    """A part of the audit. With `more`, ask again with `next`: as `after`, or as `before` for the newest first. There
    may be more although there are no rows.
    """

    rows: tuple[Audited, ...]
    more: bool
    next: int | None


class AuditClient(GatewayRequests):
    """Of one gateway. Every method raises GatewayError (`moderator.client.errors`)."""

    async def page(self, asked: Mapping[str, str | int]) -> AuditedPage:
        """A page; what can be asked for is in docs/audit.md."""
        page = await self._ask(f"/v1/audit?{urlencode(asked)}", AuditPage)
        try:
            return AuditedPage(tuple(map(_audited, page.rows)), page.more, page.next)
        except CodecError as error:
            raise GatewayFailed(f"the audit makes no sense: {error}", "garbled") from error

    async def verify(self) -> Verified:
        """Whether the log was changed, as the gateway itself sees it."""
        return decoded(await self._answer("GET", "/v1/audit/verify", {}, None, LONG_S), Verified)

    async def erase(self, source: str, user: str) -> Erased:
        """Take out of the log, for good, what can tell who this user is. Raises Conflict while they are in a room."""
        body = {"source": source, "user": user}
        return decoded(await self._order("POST", "/v1/audit/erase", body, timeout_s=LONG_S), Erased)

    async def export(
        self, format_: Format, write: Callable[[bytes], object], asked: Mapping[str, str | int] | None = None
    ) -> None:
        """A copy, handed to `write` as it comes. Raises GatewayUnreachable when it breaks off before its end."""
        query = urlencode({"format": format_, **(asked or {})})

        async def attempt(token: str) -> None:
            headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
            url = f"{self._url}/v1/audit/export?{query}"
            try:
                async with self._http.stream(url, headers=headers, idle_timeout_s=IDLE_S) as (status, chunks):
                    if status != 200:
                        raise refusal(status, await _beginning(chunks))
                    async for chunk in chunks:
                        write(chunk)
            except HttpError as error:
                raise GatewayUnreachable(str(error), fault=error.fault) from error

        await with_token(self._tokens, attempt)


def _audited(row: AuditRow) -> Audited:
    return Audited(decode_event(bytes(row.event)), row.outcome, row.room_name, row.why, row.person)


async def _beginning(chunks: AsyncIterator[bytes]) -> bytes:
    body = b""
    async for chunk in chunks:
        body += chunk
        if len(body) > MAX_PROBLEM_BYTES:
            break
    return body
