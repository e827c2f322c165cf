"""Sign-ins under way (RFC 8628): somebody shows a code, and somebody else says what they may do. Pure: kept in memory,
bounded, each good for one use.
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from moderator.domain.events import Actor
from moderator.gateway.access.tokens import Grant

ALPHABET: Final = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels, so that no words come up, and nothing that looks like something else."""
HALF: Final = 4
LIFETIME_S: Final = 600
INTERVAL_S: Final = 5
SLOWER_S: Final = 5
"""What every question that comes too early adds to the interval."""
TOLERANCE_S: Final = 0.5
MAX_WAITING: Final = 500
MAX_OF_PEER: Final = 100
"""Of one address, so that nobody alone keeps all others out; it may be a proxy that many are behind."""


class NotGranted(Exception):
    """`code` is an error of RFC 8628 or RFC 6749."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class Waiting:
    """Somebody who wants to sign in."""

    user_code: str
    ends_at_s: float
    asked_at_s: float
    interval_s: float
    peer: str
    """The address that began it."""
    is_being_answered: bool = False
    """Somebody's answer is on its way to the log: there is no other."""
    denied: bool = False
    grant: Grant | None = None
    approved_by: Actor | None = None

    def is_open(self, now_s: float) -> bool:
        """Whether it can still be answered."""
        answered = self.denied or self.grant is not None or self.is_being_answered
        return now_s < self.ends_at_s and not answered


class DeviceGrants:
    """The sign-ins that wait for somebody's word, and those that wait to be taken up."""

    def __init__(self) -> None:
        self._waiting: dict[str, Waiting] = {}
        """By the digest of the device code, which is a secret."""
        self._by_user_code: dict[str, str] = {}

    def begin(self, now_s: float, peer: str) -> tuple[str, str] | None:
        """A device code and a user code; None when too many wait already, of all or of this address."""
        # Kept for a while after its end, so that who asks is told that it has expired; but not in anybody's way.
        self._forget_ended(now_s - LIFETIME_S)
        if self._is_full(peer):
            self._forget_ended(now_s)
        if self._is_full(peer):
            return None
        device_code, user_code = secrets.token_urlsafe(32), self._new_user_code()
        digest = _digest(device_code)
        self._waiting[digest] = Waiting(user_code, now_s + LIFETIME_S, now_s, INTERVAL_S, peer)
        self._by_user_code[user_code] = digest
        return device_code, user_code

    def find(self, user_code: str, now_s: float) -> Waiting | None:
        """Who waits with this code and has no answer yet, however it is written."""
        waiting = self._waiting.get(self._by_user_code.get(_plain(user_code), ""))
        return waiting if waiting is not None and waiting.is_open(now_s) else None

    def take(self, device_code: str, now_s: float) -> Waiting:
        """The sign-in, which somebody has approved; it is forgotten with that. Raises NotGranted."""
        digest = _digest(device_code)
        waiting = self._waiting.get(digest)
        if waiting is None:
            raise NotGranted("invalid_grant")
        if waiting.denied or now_s >= waiting.ends_at_s:
            self._forget(digest)
            raise NotGranted("access_denied" if waiting.denied else "expired_token")
        if now_s - waiting.asked_at_s < waiting.interval_s - TOLERANCE_S:
            waiting.interval_s += SLOWER_S
            waiting.asked_at_s = now_s
            raise NotGranted("slow_down")
        waiting.asked_at_s = now_s
        if waiting.grant is None:
            raise NotGranted("authorization_pending")
        self._forget(digest)
        return waiting

    def _new_user_code(self) -> str:
        while True:
            code = "".join(secrets.choice(ALPHABET) for _ in range(2 * HALF))
            if code not in self._by_user_code:
                return code

    def _is_full(self, peer: str) -> bool:
        of_peer = sum(one.peer == peer for one in self._waiting.values())
        return len(self._waiting) >= MAX_WAITING or of_peer >= MAX_OF_PEER

    def _forget_ended(self, by_s: float) -> None:
        for digest in [key for key, one in self._waiting.items() if one.ends_at_s <= by_s]:
            self._forget(digest)

    def _forget(self, digest: str) -> None:
        del self._by_user_code[self._waiting.pop(digest).user_code]


def written(user_code: str) -> str:
    """As people read it out: `WDJB-MJHT`."""
    return f"{user_code[:HALF]}-{user_code[HALF:]}"


def _plain(user_code: str) -> str:
    return "".join(character for character in user_code.upper() if character.isalnum())


def _digest(device_code: str) -> str:
    return hashlib.sha256(device_code.encode()).hexdigest()
