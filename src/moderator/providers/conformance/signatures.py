"""Checks of whom a provider believes: what its platform signed, and nothing else."""

from typing import Final

from msgspec.structs import replace

from moderator.clock import SystemClock
from moderator.providers.conformance.bench import SteadyClock, idle_http
from moderator.providers.conformance.secrecy import leaked, words_of
from moderator.providers.conformance.stated import NOWHERE, Sample, Stated
from moderator.providers.errors import BadSignature
from moderator.providers.provider import Delivery, Provider

HEADERS: Final[tuple[str, ...]] = (
    *("", " ", "Bearer", "Bearer ", "Basic", "Basic ====", "Basic Zm9v", "Digest x", "a.b.c", "Bearer a.b.c", ".."),
    *("é", "\x00", "0" * 64, "=" * 10_000, "Bearer " + "e30." * 5_000, "sha256=", "null", "-1"),
    "eyJhbGciOiJub25lIn0.e30.",
    "Bearer eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4In0.",
    "Bearer eyJhbGciOiJIUzI1NiJ9.W10.AAAA",
)
"""In the place of a signature; the last ones are tokens without an algorithm, and of no object."""


class Signatures(Stated):
    """Part of `ProviderConformance`."""

    def test_what_the_platform_signed_is_believed(self) -> None:
        provider = self._believing()
        for sample in self.samples():
            provider.authenticate(self._signed(sample))
            if sample.recorded:
                self.made(idle_http(), SteadyClock(sample.received_at)).authenticate(sample.delivery())

    def test_a_replay_replaces_a_signature_that_was_there(self) -> None:
        sample = self.samples()[0]
        again = replace(sample, headers=self._signed(sample, self._another_secret()).headers)
        self._believing().authenticate(self._signed(again))

    def test_another_secret_is_not_believed(self) -> None:
        provider = self._believing()
        for sample in self.samples():
            _must_be_refused(provider, self._signed(sample, self._another_secret()), "signed with another secret")

    def test_an_unsigned_delivery_is_not_believed(self) -> None:
        provider = self._believing()
        for sample in self.samples():
            signed, other = self._signed(sample), self._signed(sample, self._another_secret())
            bare = {name: value for name, value in signed.headers.items() if other.headers.get(name) == value}
            _must_be_refused(provider, replace(signed, headers=bare), "without a signature")
            _must_be_refused(provider, replace(signed, headers={}), "without any header")

    def test_a_changed_body_is_not_believed(self) -> None:
        """Where bodies are signed."""
        provider = self._believing()
        for sample in self.samples():
            signed = self._signed(sample)
            for body in (b"", signed.body[:-1], signed.body + b" ", bytes([signed.body[0] ^ 1]) + signed.body[1:]):
                if self.signs_bodies:
                    _must_be_refused(provider, replace(signed, body=body), "with a changed body")
                else:
                    provider.authenticate(replace(signed, body=body))

    def test_an_old_signature_is_not_believed(self) -> None:
        """Where signatures carry a time: or else what was overheard once can be sent again."""
        if self.believed_for_s is None:
            return
        for sample in self.samples():
            signed = self._signed(sample)
            late = signed.received_at + self.believed_for_s * 1000
            provider = self.made(idle_http(), SteadyClock(late))
            _must_be_refused(provider, replace(signed, received_at=late), "signed too long ago")

    def test_no_header_is_too_strange(self) -> None:
        provider, signed = self._believing(), self._signed(self.samples()[0])
        for name in signed.headers:
            for value in HEADERS:
                _refusal(provider, replace(signed, headers={**signed.headers, name: value}))
                _refusal(provider, replace(signed, headers={name: value}, peer=""))

    def test_a_refusal_tells_no_secret(self) -> None:
        provider = self._believing()
        for sample in self.samples():
            signed = self._signed(sample, self._another_secret())
            hidden = [*self.secret_values(), *(value for value in signed.headers.values() if len(value) > 30)]
            told = _refusal(provider, signed)
            assert not leaked(told, hidden), f"a refusal shows a secret, or what was sent in its place: {told}"

    def _believing(self) -> Provider:
        """With the real time, by which `sign` signs."""
        return self.made(idle_http(), SystemClock())

    def _another_secret(self) -> dict[str, object]:
        secret = str(self.options(NOWHERE)[self.signing_secret])
        return {self.signing_secret: "".join("b" if one == "a" else "a" for one in secret)}

    def _signed(self, sample: Sample, changes: dict[str, object] | None = None) -> Delivery:
        headers = self.provider.sign(self.decoded(changes), sample.headers, sample.body)
        lower = {name.lower(): value for name, value in headers.items()}
        return Delivery(lower, sample.body, sample.peer, SystemClock().now_ms())


def _must_be_refused(provider: Provider, delivery: Delivery, why: str) -> None:
    assert _refusal(provider, delivery), f"a delivery {why} was believed"


def _refusal(provider: Provider, delivery: Delivery) -> str:
    """What is shown when it is refused; empty when it is believed."""
    try:
        provider.authenticate(delivery)
    except BadSignature as error:
        return words_of(error)
    except Exception as error:
        raise AssertionError(f"authenticate raised {error!r} for {delivery.headers}, not BadSignature") from error
    return ""
