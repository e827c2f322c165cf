"""Targets: what platforms answer to each provider's commands. It is understood, or one of the provider's errors, in
which no secret stands; who is in a list has an id.
"""

import functools
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from moderator.http import Reply
from moderator.providers.conformance import Answer, ProviderConformance, Trouble
from moderator.providers.conformance.bench import COMMANDS, SteadyClock, offered
from moderator.providers.conformance.recorder import Request
from moderator.providers.conformance.secrecy import leaked, words_of
from moderator.providers.conformance.timer import Timer
from moderator.providers.errors import ProviderError
from moderator.providers.provider import Listing
from tests.hostile.fuzzing.scripted import NOWHERE, answered, done, scripted
from tests.hostile.fuzzing.target import Target, must, without_values
from tests.hostile.fuzzing.webhooks import STATED

MOST_ANSWERS: Final = 8
"""Of one sample."""
TROUBLES: Final[tuple[Trouble, ...]] = ("gone", "limited")


def targets() -> list[Target]:
    """One for each provider."""
    return [
        Target(f"{name}-answers", functools.partial(_samples, stated), functools.partial(ask_platform, stated))
        for name, stated in STATED.items()
    ]


def ask_platform(stated: ProviderConformance, body: bytes) -> Iterator[str]:
    """A command, answered so."""
    found = answered(body)
    if found is None or found.ask not in COMMANDS:
        return
    scripted().answer_with(found.answers)
    outcome = _outcome(stated, found.ask)
    yield f"{found.ask} {type(outcome).__name__}"
    if isinstance(outcome, ProviderError):
        must(not leaked(words_of(outcome), stated.secret_values()), "an error shows a secret")
        yield f"{found.ask} {without_values(outcome)}"
    elif isinstance(outcome, Listing):
        yield from _checked(outcome)


def _checked(listing: Listing) -> Iterator[str]:
    msgspec.json.encode(listing)
    yield f"{min(3, len(listing.rooms))} rooms, {listing.complete}"
    for room in listing.rooms:
        keys = [one.participant for one in room.participants]
        must(bool(room.room), "a room without an id")
        must(all(keys), "a participant without an id")
        yield f"{min(3, len(keys))} people, {room.complete}, {room.ends_at is None}, {room.unavailable is None}"


def _outcome(stated: ProviderConformance, name: str) -> object:
    """What the command returns, or the ProviderError that it raises."""
    stated.timer = Timer(stated.known_end)
    clock = SteadyClock(stated.now_ms)
    provider = stated.provider("conformance", _options(stated), scripted(), clock)
    try:
        return done(COMMANDS[name].call(provider, stated.target, stated))
    except ProviderError as error:
        return error


@functools.cache
def _options(stated: ProviderConformance) -> Struct:
    return stated.decoded(base_url=NOWHERE)


# --- samples -------------------------------------------------------------------------------------------------------


def _samples(stated: ProviderConformance) -> Sequence[bytes]:
    """Each command, with what the platform answers where all is well, and with its ways to say that it is not."""
    answering: list[Callable[[Request], Answer]] = [lambda request: stated.answer(request, stated.target)]
    answering += [functools.partial(_troubled, stated, trouble) for trouble in TROUBLES]
    found = [_sample(stated, name, answer) for name in offered(stated) for answer in answering]
    return [json.dumps(one).encode() for one in found if one["answers"]]


def _troubled(stated: ProviderConformance, trouble: Trouble, request: Request) -> Answer:
    return stated.trouble(trouble, request, stated.target) or stated.answer(request, stated.target)


def _sample(stated: ProviderConformance, name: str, answer: Callable[[Request], Answer]) -> dict[str, Any]:
    """The command, with all that was answered to it."""
    told: list[Answer] = []

    def respond(request: Request) -> Reply:
        told.append(answer(request))
        return Reply(told[-1].status, dict(told[-1].headers), told[-1].body)

    scripted().answer_by(respond)
    _outcome(stated, name)
    answers = [{"status": one.status, "headers": dict(one.headers), "body": _body(one)} for one in told[:MOST_ANSWERS]]
    return {"ask": name, "answers": answers}


def _body(answer: Answer) -> Any:
    try:
        return json.loads(answer.body)
    except ValueError:
        return answer.body.decode()
