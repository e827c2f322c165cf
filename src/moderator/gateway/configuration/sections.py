"""The tables of the configuration file, as they stand in it. What they mean is `config`'s business."""

from typing import Literal

from msgspec import Struct, field

from moderator.domain.settings import Allow, Mode, OnExpiry, StartRule, Telling, WrongShare

LogFormat = Literal["text", "json"]


class Section(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table. It may hold secrets, so it shows none of its values when it is printed."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


class GatewaySection(Section, frozen=True, kw_only=True):
    """Where the gateway is, and what it keeps."""

    host: str = "127.0.0.1"
    port: int = 8765
    public_url: str = ""
    log: str = "sqlite:moderator.db"
    retention: str | None = None
    hold_above: int = 20
    audit_anchor: str | None = None
    log_format: LogFormat = "text"
    drain: str = "0s"
    """How long requests are still taken after it was asked to stop, while `/readyz` sends them elsewhere."""


class NatsSection(Section, frozen=True, kw_only=True):
    """How to get to a log on NATS, where `gateway.log` names its servers."""

    user: str = ""
    password: str = ""
    credentials: str = ""
    """What stands in a file of NATS's own kind, with a token and a key."""
    ca: str | None = None
    """A file with whom to believe besides those that the system believes."""
    name: str = "moderator"
    replicas: int | None = None
    copy: str = "moderator-copy.db"
    """The file that this gateway copies the log to, to look things up in."""


class OidcSection(Section, frozen=True, kw_only=True):
    """An issuer of moderator tokens beside the gateway itself."""

    issuer: str
    audience: str
    client_id: str = ""
    """For signing in on a desktop by the issuer's device flow; empty: the gateway's own."""
    scopes_claim: str = "scope"
    rooms_claim: str = "rooms"
    default_scopes: tuple[str, ...] = ()
    """For tokens that have no such claim."""


class AccessSection(Section, frozen=True, kw_only=True):
    """Whose tokens are believed."""

    key: str
    """One key in each line: the first signs, all of them verify."""
    issuer: str = "moderator"
    oidc: OidcSection | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys, newest first."""
        return tuple(line.strip() for line in self.key.splitlines() if line.strip())


class MatchSection(Section, frozen=True, kw_only=True):
    """Which rooms are of a type: globs on the source's name, and on the room's."""

    source: str = "*"
    room: str = "*"


class RoomTypeSection(Section, frozen=True, kw_only=True):
    """What rooms of one type may do, and what is done where they do more."""

    name: str
    match: MatchSection = MatchSection()
    duration: str | None = None
    starts: StartRule = "first_join"
    resume_within: str | None = None
    warn: list[str] | None = None
    on_expiry: OnExpiry = "disconnect"
    extension_step: str = "5m"
    max_extension: str | None = None
    max_people: int | None = None
    allow: Allow = "anyone"
    screen_share: tuple[str, ...] | None = None
    wrong_share: WrongShare = "stop"
    tell: tuple[Telling, ...] = ()
    mode: Mode = "observe"


class RtcstatsSection(Section, frozen=True, kw_only=True):
    """An rtcStats server that the application's pages report to."""

    id_key: str
    """Turns real ids into opaque ones."""
    jwt_secret: str = ""
    """Shared with the rtcStats server; empty: no tokens for it are made."""
    database: str = ""
    """The address of its PostgreSQL; empty: nothing is looked up."""
    dumps: str = ""
    """The folder or address that dumps are read from; empty: none are read."""


class JoinSection(Section, frozen=True, kw_only=True):
    """Credentials for front ends of samples, which show no token."""

    compat_source: str = ""
    """Serves `GET /session` and `GET /room/{name}` for this source; empty: off."""
    allow_origin: str = ""
    """The one web page's origin that may read those two; empty: none but the gateway's own."""


class NotifyWebhookSection(Section, frozen=True, kw_only=True):
    """A receiver of signed posts."""

    url: str
    secret: str
    """Signs what is posted; shared with the receiver."""


class NotifyEmailSection(Section, frozen=True, kw_only=True):
    """A mail server, and who is written to."""

    host: str
    port: int = 587
    user: str = ""
    password: str = ""
    sender: str = field(name="from")
    to: tuple[str, ...]
    security: Literal["starttls", "tls", "none"] = "starttls"


class NotifySection(Section, frozen=True, kw_only=True):
    """Who is told beyond the window of what nobody took care of."""

    after: str = "60s"
    webhook: NotifyWebhookSection | None = None
    email: NotifyEmailSection | None = None
