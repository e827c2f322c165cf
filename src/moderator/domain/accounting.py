"""What stands in the log for audits: who was given access, who was refused, who looked, what was taken out of it."""

from msgspec import Struct

from moderator.domain.kinds import Decision, Notice


class TokenIssued(Notice, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A moderator signed in, or signed in anew."""

    jti: str
    subject: str
    name: str = ""
    scopes: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    expires_at: int
    """Milliseconds since the epoch."""


class SignInApproved(Notice, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Whoever showed a code may sign in, under that name and with that access."""

    name: str
    scopes: tuple[str, ...]
    rooms: tuple[str, ...]
    family: str
    """Of all tokens that come of it: who revokes it takes them away."""


class SignInDenied(Notice, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Whoever showed a code may not sign in."""


class TokenRevoked(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A token is refused from here on, although it has not expired: signed out, or taken away."""

    jti: str
    expires_at: int | None = None
    """When it need not be remembered any more; None where that is not known."""


class CredentialsIssued(Notice, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Somebody was given what it takes to join a room."""

    user: str = ""
    name: str = ""
    role: str = ""
    room_name: str = ""
    expires_at: int
    conference: str = ""
    """The opaque ids under which rtcStats knows the room, the person and this visit; empty without rtcStats."""
    rtcstats_user: str = ""
    rtcstats_session: str = ""


class CredentialsRefused(Notice, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Somebody was refused what it takes to join a room; `code` as it was answered."""

    user: str = ""
    room_name: str = ""
    code: str


class AuditViewed(Notice, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Somebody read the audit."""

    query: str = ""
    count: int = 0


class AuditExported(Notice, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Somebody took a copy of the audit away. Written before it begins."""

    format: str
    query: str = ""
    """What they asked for; empty for everything they may see."""
    after: int = 0
    looked_at: int = 0
    """How many entries after `after` are looked at for it; what fits is what was taken away."""


class PersonErased(Notice, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """What could tell who somebody was is not in the log any more."""

    pseudonym: str
    """What stands in the place of the user id now."""
    texts: int
    """How many texts were erased."""


class LogTrimmed(Notice, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Entries up to `through` were taken out because they were older than is to be kept."""

    through: int
    entries: int
    hash: str
    """Of the leaves that were taken out, in order."""


class Leaf(Struct, frozen=True, gc=False, array_like=True):
    """One entry, as a checkpoint vouches for it."""

    seq: int
    hash: str


class Checkpoint(Notice, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Vouches for the entries since the checkpoint before it."""

    leaves: tuple[Leaf, ...]
    previous: str = ""
    """The head of the checkpoint before; empty in the first."""
    head: str
    """The hash of `previous` and of every leaf: who knows it can tell whether anything before was changed."""


class EscalationStarted(Notice, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Somebody outside is being told of what nobody took care of in time. The first of a subject and channel counts."""

    subject: str
    """The warning or violation that it is about, by its id."""
    channel: str
    gateway: str
    """The run of a gateway that tells; no other one does, also when this one stops before it could."""


class EscalationSent(Notice, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Somebody outside was told of what nobody took care of in time."""

    subject: str
    """The warning or violation that it was about, by its id."""
    channel: str
    detail: str = ""


class EscalationFailed(Notice, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Somebody outside should have been told, and could not be."""

    subject: str
    channel: str
    why: str


class DutyStarted(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A moderator watches the rooms from here on."""

    moderator: str
    name: str = ""


class DutyEnded(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A moderator watches the rooms no more."""

    moderator: str
