"""The configuration file: read, checked, and refused with the file, the key and the remedy where it is wrong."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from moderator.domain.durations import parse_duration_ms
from moderator.domain.key_strength import MIN_KEY_BYTES, is_long_enough
from moderator.domain.settings import DEFAULT_RESUME_WITHIN_MS, DEFAULT_WARN_MS, MINUTE_MS, RoomType
from moderator.feed.addresses import is_secure
from moderator.gateway.configuration.key_lines import key_lines
from moderator.gateway.configuration.secrets import Handed, SecretError, is_secret_reference, read_secret
from moderator.gateway.configuration.sections import (
    AccessSection,
    GatewaySection,
    JoinSection,
    NatsSection,
    NotifySection,
    RoomTypeSection,
    RtcstatsSection,
)
from moderator.gateway.configuration.streams import EXAMPLE, NatsProblem, is_on_nats, nats_settings
from moderator.gateway.configuration.words import PLACE, in_words
from moderator.gateway.scopes import SCOPES
from moderator.journal.jetstream.settings import NatsSettings
from moderator.providers.provider import Provider

MIN_RECONCILE_MS: Final = 1_000
MAX_RATE: Final = 10_000
MAX_DRAIN_MS: Final = 60_000
MIN_RETENTION_MS: Final = 48 * 3_600_000
MIN_WEBHOOK_SECRET_BYTES: Final = 16
"""The receiver of notifications may be another's program, which takes no longer one."""
COMPATIBLE: Final = frozenset({"vonage", "opentok"})
"""Providers whose rooms can be joined the way that `GET /session` answers."""
SOURCE_KEYS: Final = ("provider", "reconcile", "requests_per_second")
"""What every source has, whatever its provider."""
_SCOPES: Final = ", ".join(sorted(SCOPES))
S = TypeVar("S", bound=Struct)


class ConfigError(Exception):
    """The configuration cannot be used. The message names the file, the key and what to do."""


class SourceConfig(Struct, frozen=True):
    """One configured account of a provider."""

    name: str
    provider: type[Provider]
    provider_name: str
    options: Any
    reconcile_ms: int
    requests_per_second: float

    def __repr__(self) -> str:
        return f"SourceConfig({self.name!r}, {self.provider_name!r})"  # its options hold secrets


class Config(Struct, frozen=True):
    """Everything the gateway needs to know to start."""

    path: Path
    gateway: GatewaySection
    access: AccessSection
    sources: tuple[SourceConfig, ...]
    room_types: tuple[RoomType, ...]
    join: JoinSection = JoinSection()
    rtcstats: RtcstatsSection | None = None
    notify: NotifySection | None = None
    access_key_file: Path | None = None
    """Where the key of moderator tokens was read from, to be read again when it changes."""
    nats: NatsSection = NatsSection()

    @property
    def retention_ms(self) -> int | None:
        """How long entries of the log are kept; None: for good."""
        return None if self.gateway.retention is None else parse_duration_ms(self.gateway.retention)

    @property
    def drain_ms(self) -> int:
        """How long requests are still taken after it was asked to stop."""
        return parse_duration_ms(self.gateway.drain)

    @property
    def notify_after_ms(self) -> int:
        """How long something may stand that nobody takes care of; 0 where nobody is told."""
        return 0 if self.notify is None else parse_duration_ms(self.notify.after)

    @property
    def audit_anchor(self) -> Path | None:
        """The file beside which truncating the log shows; a relative one is beside the configuration."""
        return None if self.gateway.audit_anchor is None else (self.path.parent / self.gateway.audit_anchor).resolve()

    @property
    def log_path(self) -> Path:
        """The journal's file, or that of the copy; a relative one is beside the configuration."""
        if is_on_nats(self.gateway.log):
            return (self.path.parent / self.nats.copy).resolve()
        return (self.path.parent / self.gateway.log.removeprefix("sqlite:")).resolve()

    @property
    def streams(self) -> NatsSettings | None:
        """How to reach a log on NATS; None where it is a file."""
        return nats_settings(self.gateway.log, self.nats, self.path.parent) if is_on_nats(self.gateway.log) else None


def load_config(path: Path, handed: Handed | None = None) -> Config:
    """Read and check a configuration file. Raises ConfigError.

    With `handed`, for a window's own gateway, the key and the log are those, and no file is a file without sources.
    """
    return _Reader(path, handed).config(read_table(path) if handed is None or path.exists() else {})


def read_table(path: Path) -> dict[str, Any]:
    """The file as it stands, with nothing checked and no secret read. Raises ConfigError."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:  # no text, no TOML, a number or a nesting without end
        raise ConfigError(f"{path}: is not TOML: {error}") from error


class _Reader:
    """Turns the file's table into a Config; knows where it is, to say so."""

    def __init__(self, path: Path, handed: Handed | None) -> None:
        self._path = path
        self._handed = handed

    def config(self, table: dict[str, Any]) -> Config:
        self._known(table, {"gateway", "access", "sources", "room_types", "join", "rtcstats", "notify", "nats"}, "")
        gateway = self._section(table.get("gateway", {}), GatewaySection, "gateway")
        if self._handed is None:
            access_table = self._secrets(table.get("access", {}), "access")
        else:
            access_table = {"key": self._handed.key}
            gateway = replace(gateway, log=f"sqlite:{self._handed.log}")
        access = self._section(access_table, AccessSection, "access")
        self._check_access(access)
        self._check_gateway(gateway)
        nats = self._nats(table, gateway)
        if gateway.public_url and not _is_address(gateway.public_url):
            raise self._wrong("gateway.public_url", "write an address like https://moderation.example.org")
        sources = [self._source(name, value) for name, value in self._table(table, "sources").items()]
        types = [self._room_type(number, value) for number, value in enumerate(self._types(table), start=1)]
        self._all_match(types, sources)
        return Config(
            self._path,
            gateway,
            access,
            tuple(sources),
            tuple(types),
            self._join(table, sources),
            self._rtcstats(table, access),
            self._notify(table),
            self._key_file(table),
            nats,
        )

    def _check_access(self, access: AccessSection) -> None:
        try:
            key_lines(access.key)
        except ValueError as error:
            raise self._wrong("access.key", str(error)) from error
        if access.oidc is None:
            return
        if not is_secure(access.oidc.issuer):
            raise self._wrong("access.oidc.issuer", "write the issuer's address like https://login.example.org")
        if unknown := sorted(set(access.oidc.default_scopes) - SCOPES):
            raise self._wrong("access.oidc.default_scopes", f"there is no scope {unknown[0]!r}: choose of {_SCOPES}")

    def _check_gateway(self, gateway: GatewaySection) -> None:
        if gateway.hold_above < 1:
            raise self._wrong("gateway.hold_above", "write a number above zero, or leave it out for 20")
        if self._duration("gateway.drain", gateway.drain) > MAX_DRAIN_MS:
            raise self._wrong("gateway.drain", 'whoever stops it waits so long: write "1m" or less')
        if gateway.retention is not None and self._duration("gateway.retention", gateway.retention) < MIN_RETENTION_MS:
            raise self._wrong("gateway.retention", 'reports may come 24 h late: write "2d" or more')

    def _nats(self, table: Mapping[str, Any], gateway: GatewaySection) -> NatsSection:
        section = self._section(self._secrets(table.get("nats", {}), "nats"), NatsSection, "nats")
        if not is_on_nats(gateway.log) and not gateway.log.startswith("sqlite:"):
            raise self._wrong("gateway.log", f'write a file like "sqlite:moderator.db", or servers like "{EXAMPLE}"')
        try:
            if is_on_nats(gateway.log):
                nats_settings(gateway.log, section, self._path.parent)
        except NatsProblem as problem:
            raise self._wrong(problem.key, str(problem)) from problem
        return section

    def _key_file(self, table: Mapping[str, Any]) -> Path | None:
        """Where the key stands, when it is a file: only that can change while the gateway runs."""
        reference = self._table(table, "access").get("key")
        if self._handed is not None or not isinstance(reference, Mapping) or "file" not in reference:
            return None
        return (self._path.parent / Path(reference["file"]).expanduser()).resolve()

    def _join(self, table: Mapping[str, Any], sources: Sequence[SourceConfig]) -> JoinSection:
        join = self._section(table.get("join", {}), JoinSection, "join")
        able = [source.name for source in sources if source.provider_name in COMPATIBLE]
        if join.compat_source and join.compat_source not in able:
            remedy = f"name a source of vonage or opentok: {', '.join(able) or '(none is configured)'}"
            raise self._wrong("join.compat_source", remedy)
        return join

    def _rtcstats(self, table: Mapping[str, Any], access: AccessSection) -> RtcstatsSection | None:
        if "rtcstats" not in table:
            return None
        section = self._section(self._secrets(table["rtcstats"], "rtcstats"), RtcstatsSection, "rtcstats")
        for key, value in (("id_key", section.id_key), ("jwt_secret", section.jwt_secret)):
            if (value or key == "id_key") and not is_long_enough(value):
                raise self._wrong(f"rtcstats.{key}", f"write {MIN_KEY_BYTES} bytes or more, made at random")
        if section.jwt_secret in access.keys:
            # Its verifier looks neither at the audience nor at the kind: each moderator token would open it.
            raise self._wrong("rtcstats.jwt_secret", "this is the key of moderator tokens too: give each one its own")
        if section.jwt_secret == section.id_key:
            # The rtcStats server knows the first one, and could tell then whose each opaque id is.
            raise self._wrong("rtcstats.id_key", "this is rtcstats.jwt_secret too: give each one its own")
        return section

    def _notify(self, table: Mapping[str, Any]) -> NotifySection | None:
        if "notify" not in table:
            return None
        notify = dict(self._table(table, "notify"))
        for channel in ("webhook", "email"):
            if channel in notify:
                notify[channel] = self._secrets(notify[channel], f"notify.{channel}")
        section = self._section(notify, NotifySection, "notify")
        self._duration("notify.after", section.after)
        if section.webhook is not None and not _is_address(section.webhook.url):
            raise self._wrong("notify.webhook.url", "write an address like https://alerts.example.org/moderator")
        if section.webhook is not None and len(section.webhook.secret.encode()) < MIN_WEBHOOK_SECRET_BYTES:
            remedy = f"write {MIN_WEBHOOK_SECRET_BYTES} bytes or more, made at random: openssl rand -hex 32"
            raise self._wrong("notify.webhook.secret", remedy)
        if section.webhook is None and section.email is None:
            raise self._wrong("notify", "name a channel: [notify.webhook] or [notify.email]")
        return section

    def _all_match(self, types: list[RoomType], sources: list[SourceConfig]) -> None:
        """A type for a source that is not there would never be used, and nobody would notice."""
        names = [source.name for source in sources]
        for number, type_ in enumerate(types, start=1):
            wanted = type_.match_source
            if wanted != "*" and not any(fnmatchcase(name, wanted) for name in names):
                remedy = f"there is no source {wanted!r}: choose one of {', '.join(names) or '(none is configured)'}"
                raise self._wrong(f"{_place_of(number, type_.name)}.match.source", remedy)

    def _source(self, name: str, table: Any) -> SourceConfig:
        where = f"sources.{name}"
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name):
            raise self._wrong(where, "a source's name is 1 to 64 letters, digits, hyphens or underscores")
        if not isinstance(table, dict):
            raise self._wrong(where, f"write it as a table: [{where}]")
        options = dict(table)
        provider_name = options.pop("provider", None)
        provider = self._provider(f"{where}.provider", provider_name)
        reconcile = self._duration(f"{where}.reconcile", options.pop("reconcile", "30s"))
        if reconcile < MIN_RECONCILE_MS:
            raise self._wrong(f"{where}.reconcile", 'this is too often for any platform: write "1s" or more')
        rate = options.pop("requests_per_second", 5)
        if not isinstance(rate, int | float) or isinstance(rate, bool) or not 0 < rate <= MAX_RATE:
            raise self._wrong(f"{where}.requests_per_second", f"write a number above zero, at most {MAX_RATE}")
        decoded = self._section(self._secrets(options, where), provider.Options, where, SOURCE_KEYS)
        return SourceConfig(name, provider, str(provider_name), decoded, reconcile, float(rate))

    def _provider(self, where: str, name: object) -> type[Provider]:
        found = {point.name: point for point in entry_points(group="moderator.providers")}
        if name is None:
            raise self._wrong(where, f"the key provider is missing: add it, one of {', '.join(sorted(found))}")
        if name not in found:
            raise self._wrong(where, f"there is no provider {name!r}: choose one of {', '.join(sorted(found))}")
        try:
            loaded: type[Provider] = found[str(name)].load()
        except Exception as error:  # it may be anybody's package
            raise self._wrong(
                where, f"{name!r} is installed, but cannot be used: {error!r}: install it anew"
            ) from error
        return loaded

    def _room_type(self, number: int, table: Any) -> RoomType:
        where = _place_of(number, table.get("name") if isinstance(table, dict) else None)
        section = self._section(table, RoomTypeSection, where)
        if section.max_people is not None and section.max_people < 1:
            raise self._wrong(f"{where}.max_people", "write a number above zero, or leave it out")

        def duration(key: str, value: str | None, default: int) -> int:
            return default if value is None else self._duration(f"{where}.{key}", value)

        warn = [self._duration(f"{where}.warn", one) for one in section.warn] if section.warn is not None else None
        duration_ms = duration("duration", section.duration, 0) or None
        if warn and duration_ms is not None and max(warn) >= duration_ms:
            raise self._wrong(f"{where}.warn", "a warning comes before the end: write only times below duration")
        return RoomType(
            name=section.name,
            match_source=section.match.source,
            match_room=section.match.room,
            duration_ms=duration_ms,
            starts=section.starts,
            resume_within_ms=duration("resume_within", section.resume_within, DEFAULT_RESUME_WITHIN_MS),
            warn_ms=tuple(sorted(set(warn), reverse=True)) if warn is not None else DEFAULT_WARN_MS,
            on_expiry=section.on_expiry,
            extension_step_ms=duration("extension_step", section.extension_step, 5 * MINUTE_MS),
            max_extension_ms=duration("max_extension", section.max_extension, -1)
            if section.max_extension is not None
            else None,
            max_people=section.max_people,
            allow=section.allow,
            screen_share=section.screen_share,
            wrong_share=section.wrong_share,
            tell=section.tell,
            mode=section.mode,
        )

    def _secrets(self, table: Any, where: str) -> Any:
        """The table with every `{ env = ... }` replaced by what it names."""
        if not isinstance(table, dict):
            return table
        handed = self._handed.secrets if self._handed else {}
        result = {}
        for key, value in table.items():
            try:
                result[key] = read_secret(value, self._path.parent, handed) if is_secret_reference(value) else value
            except SecretError as error:
                raise self._wrong(f"{where}.{key}", str(error)) from error
        return result

    def _section(self, table: Any, type_: type[S], where: str, also: Sequence[str] = ()) -> S:
        try:
            return msgspec.convert(table, type_)
        except msgspec.ValidationError as error:
            place = PLACE.search(str(error))
            key = place[1] if place else ""
            problem = in_words(PLACE.sub("", str(error)), type_, key, also)
            raise self._wrong(f"{where}.{key}" if key else where, problem) from error

    def _duration(self, where: str, value: object) -> int:
        if not isinstance(value, str):
            raise self._wrong(where, 'write a duration in quotes, such as "5m"')
        try:
            return parse_duration_ms(value)
        except ValueError as error:
            raise self._wrong(where, str(error)) from error

    def _table(self, table: Mapping[str, Any], key: str) -> dict[str, Any]:
        value = table.get(key, {})
        if not isinstance(value, dict):
            raise self._wrong(key, f"write it as tables: [{key}.NAME]")
        return value

    def _types(self, table: Mapping[str, Any]) -> list[Any]:
        value = table.get("room_types", [])
        if not isinstance(value, list):
            raise self._wrong("room_types", "write it as a list of tables: [[room_types]]")
        return value

    def _known(self, table: Mapping[str, Any], known: set[str], where: str) -> None:
        for key in table:
            if key not in known:
                problem = f"unknown key: remove it, or use one of {', '.join(sorted(known))}"
                raise self._wrong(f"{where}{key}", problem)

    def _wrong(self, where: str, problem: str) -> ConfigError:
        return ConfigError(f"{self._path}: {where}: {problem}")


def _place_of(number: int, name: object) -> str:
    """`room_types[1] (exam)`: nobody counts tables in a long file."""
    return f"room_types[{number}] ({name})" if isinstance(name, str) and name else f"room_types[{number}]"


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
