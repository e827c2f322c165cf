"""The routes about duty: which moderators watch the rooms now. Who is told of what they miss is in `escalation`."""

from typing import Final

from starlette.responses import Response

from moderator.domain.accounting import DutyEnded, DutyStarted
from moderator.domain.kinds import Decision
from moderator.feed.duty import OnDuty
from moderator.gateway.orders.orders import Orders
from moderator.gateway.problems import Problem
from moderator.gateway.requests import Body, Call, json_response
from moderator.gateway.rules import Rule

DUTY: Final = "/v1/duty"
MAX_NAME: Final = 200


class Handing(Body, frozen=True, kw_only=True):
    """Who takes over; nobody: the duty is one's own."""

    moderator: str = ""
    name: str = ""


class Duty:
    """Decides who watches. Everybody begins and ends their own duty, and may hand it to somebody else."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders

    def rules(self) -> tuple[Rule, ...]:
        """The routes about duty."""
        watch = "rooms:watch"
        return (
            Rule("GET", DUTY, watch, self.get, "Who is on duty", answer=OnDuty),
            Rule("PUT", DUTY, watch, self.begin, "Watch the rooms, or hand that over", Handing, answer=OnDuty),
            Rule("DELETE", DUTY, watch, self.end, "Watch no more", answer=OnDuty),
        )

    async def get(self, call: Call) -> Response:
        """`GET /v1/duty`"""
        return self._answer()

    async def begin(self, call: Call) -> Response:
        """`PUT /v1/duty`: go on duty, or hand one's own over."""
        body, me = await call.body(Handing), call.access.subject
        if not (_can_be_read(body.moderator) and _can_be_read(body.name)):
            sentence = f"an id and a name have {MAX_NAME} characters at most, all printable, and no blanks around them"
            raise Problem(422, "invalid_moderator", sentence)
        if body.moderator in ("", me):
            is_on = me in self._orders.ledger.state.on_duty
            return await self._decide(call, [] if is_on else [DutyStarted(moderator=me, name=call.access.name)])
        if me not in self._orders.ledger.state.on_duty and self._orders.ledger.verdict(call.event_id("0")) is None:
            raise Problem(409, "not_on_duty", "you are not on duty, so you have none to hand over")
        return await self._decide(
            call, [DutyStarted(moderator=body.moderator, name=body.name), DutyEnded(moderator=me)]
        )

    async def end(self, call: Call) -> Response:
        """`DELETE /v1/duty`"""
        me = call.access.subject
        return await self._decide(call, [DutyEnded(moderator=me)] if me in self._orders.ledger.state.on_duty else [])

    async def _decide(self, call: Call, decisions: list[Decision]) -> Response:
        """All of them in one entry, so that nobody sees a moment without anybody on duty."""
        events = [
            self._orders.event(call, call.event_id(str(number)), None, data) for number, data in enumerate(decisions)
        ]
        if events:
            await self._orders.ledger.propose(events)
        return self._answer()

    def _answer(self) -> Response:
        state = self._orders.ledger.state
        return json_response(OnDuty(state.seq, tuple(sorted(state.on_duty.values(), key=lambda one: one.id))))


def _can_be_read(text: str) -> bool:
    return len(text) <= MAX_NAME and text.isprintable() and text == text.strip()
