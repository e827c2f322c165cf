"""What an author says about a provider, so that the suite can try it. No tests here."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final, Literal

import msgspec
from msgspec import Struct

from moderator.clock import Clock
from moderator.http import HttpClient
from moderator.providers.conformance.recorder import Answer, Request, json_answer
from moderator.providers.conformance.timer import Timer
from moderator.providers.provider import Delivery, Provider, Target

SOURCE: Final = "conformance"
NOWHERE: Final = "http://127.0.0.1:9"
"""Where nobody answers."""
PAUSE_S: Final = 7
"""The pause that a limit asks for."""
Trouble = Literal["gone", "forbidden", "wrong", "limited", "broken"]
_TROUBLES: Final[dict[Trouble, Answer]] = {
    "gone": json_answer({}, 404),
    "forbidden": json_answer({}, 401),
    "wrong": json_answer({}, 400),
    "limited": json_answer({}, 429, {"retry-after": str(PAUSE_S)}),
    "broken": json_answer({}, 500),
}


class Sample(Struct, frozen=True):
    """One delivery of the platform. Header names are in lower case."""

    body: bytes
    received_at: int
    headers: Mapping[str, str] = {}
    recorded: bool = False
    """Whether `headers` hold the platform's own signature, of the secret that `options` gives."""
    peer: str = "127.0.0.1"

    def delivery(self) -> Delivery:
        return Delivery(self.headers, self.body, self.peer, self.received_at)


class Stated:
    """Of one provider. Subclasses of the suite set the attributes and write the methods that raise here."""

    provider: ClassVar[type[Provider]]

    secrets: ClassVar[tuple[str, ...]]
    """The keys of `options` whose values nobody may see."""

    signing_secret: ClassVar[str]
    """The key of the secret by which deliveries are believed. (Also one of `secrets`.)"""

    signs_bodies: ClassVar[bool] = True
    """False where the platform only says who it is, as with a password, and a changed body cannot be noticed."""

    believed_for_s: ClassVar[int | None] = None
    """From when on a delivery that `sign` signs is not believed any more, in seconds, with what clocks may be apart.
    None where signatures carry no time, or where their age does not matter."""

    secret_members: ClassVar[tuple[str, ...]] = ("token", "secret", "password")
    """Names of members in deliveries whose values must reach no event."""

    target: ClassVar[Target]
    """Whom the commands of the suite are about, with every member that the provider uses. Its ids must not occur in
    each other, nor anywhere else in a request. It is somebody of whom `samples` tell that they joined, under the ids
    that the platform gives them there."""

    another: ClassVar[Target | None] = None
    """Somebody else, whom the second page of a list tells of; None where lists never come in pages. See `page`."""

    leaves_out_empty_lists: ClassVar[bool] = False
    """True where `{}` is the platform's own way to say that nobody is there: only then may it be taken for that."""

    known_end: ClassVar[int] = 1_799_999_400_000
    """Where the end was known to be, where the platform keeps it."""

    ends_at: ClassVar[int] = 1_800_000_000_000
    """To which end a room is extended."""

    timer: Timer
    """Where the end is. Only for platforms that keep ends: `answer` tells of it, and moves it when it is told to."""

    now_ms: ClassVar[int] = 1_799_999_000_000
    """The time at which commands are given."""

    uncertain: ClassVar[frozenset[str]] = frozenset({"message", "tell"})
    """Commands that must not be given twice: they may raise Uncertain where others raise Temporary."""

    def options(self, base_url: str) -> dict[str, Any]:
        """The keys of a source as they stand in a configuration, with a platform at this address."""
        raise NotImplementedError

    def samples(self) -> Sequence[Sample]:
        """Deliveries that tell of people who come and go; in any order, a few are enough."""
        raise NotImplementedError

    def answer(self, request: Request, target: Target) -> Answer:
        """What the platform answers where everything is well: `target` is there, and everything is done.

        Lists tell of at least this one participant: under the key that the samples have for them.
        """
        raise NotImplementedError

    def page(self, request: Request, first: Target, second: Target) -> Answer:
        """As `answer`, of a platform where lists have two pages: `first` is on the first, `second` on the other.

        Only where `another` is stated.
        """
        raise NotImplementedError

    def trouble(self, kind: Trouble, request: Request, target: Target) -> Answer | None:
        """The platform's own way to say this; None where it never says it to such a request."""
        return _TROUBLES[kind]

    def free_part(self, id_: str) -> str:
        """The part of an id of `target` that may be anything: all of it, but where ids have a form.

        Empty for what is no id, such as a hash among `platform`.
        """
        return id_

    def decoded(self, changes: Mapping[str, object] | None = None, base_url: str = NOWHERE) -> Struct:
        """The options as the gateway reads them. Raises msgspec.ValidationError."""
        return msgspec.convert({**self.options(base_url), **(changes or {})}, self.provider.Options)

    def made(self, http: HttpClient, clock: Clock, base_url: str = NOWHERE) -> Provider:
        """A provider as the gateway makes it."""
        return self.provider(SOURCE, self.decoded(base_url=base_url), http, clock)

    def secret_values(self) -> list[str]:
        """What nobody may see."""
        table = self.options(NOWHERE)
        return [str(table[key]) for key in self.secrets]
