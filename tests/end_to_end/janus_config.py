"""The configuration files of a Janus for tests: everything on 127.0.0.1, only VideoRoom, webhooks over HTTP.
Renders text; `janus_server` writes and runs it."""

import platform
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

# Each listener, plugin and handler that is not needed is one more port or one more copy of every event.
_PLUGINS_OFF = "audiobridge duktape echotest lua nosip recordplay sip streaming textroom videocall voicemail"
_TRANSPORTS_OFF = "mqtt nanomsg pfunix rabbitmq"
_HANDLERS_OFF = "gelfevh mqttevh nanomsgevh rabbitmqevh wsevh"


@dataclass(frozen=True, kw_only=True)
class Webhooks:
    """Where Janus posts its events, and how."""

    url: str
    user: str = "janus"
    password: str = field(default_factory=token_hex)
    events: str = "sessions,handles,plugins,media,webrtc,core,external"  # no jsep, no transports: addresses, and noise
    grouping: bool = True
    max_retransmissions: int = 10


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What one test server is configured with."""

    http_port: int
    websocket_port: int
    admin_port: int
    rtp_ports: str = "20000-20999"
    server_name: str = "janus-test"
    api_secret: str = field(default_factory=token_hex)
    admin_secret: str = field(default_factory=token_hex)
    admin_key: str = field(default_factory=token_hex)
    string_ids: bool = True
    session_timeout: int = 60
    stats_period: int = 0
    webhooks: Webhooks | None = None


def library() -> Path | None:
    """Debian's folder of Janus modules; where several architectures are installed, the machine's own."""
    found = sorted(Path("/usr/lib").glob("*/janus"), key=lambda path: not path.parts[3].startswith(platform.machine()))
    return found[0] if found else None


def files(folder: Path, modules: Path, settings: Settings) -> dict[str, str]:
    """Name and text of each configuration file."""
    return {
        "janus.jcfg": _core(folder, modules, settings),
        "janus.transport.http.jcfg": _http(settings),
        "janus.transport.websockets.jcfg": _websockets(settings),
        "janus.plugin.videoroom.jcfg": _section(
            "general", admin_key=settings.admin_key, string_ids=settings.string_ids
        ),
        "janus.eventhandler.sampleevh.jcfg": _events(settings.webhooks),
    }


def _core(folder: Path, modules: Path, settings: Settings) -> str:
    general = _section(
        "general",
        configs_folder=str(folder),
        plugins_folder=str(modules / "plugins"),
        transports_folder=str(modules / "transports"),
        events_folder=str(modules / "events"),
        loggers_folder=str(modules / "loggers"),
        debug_level=4,
        debug_timestamps=True,
        api_secret=settings.api_secret,
        admin_secret=settings.admin_secret,
        server_name=settings.server_name,
        session_timeout=settings.session_timeout,
        hide_dependencies=True,
    )
    return general + "".join(
        [
            _section("media", rtp_port_range=settings.rtp_ports, no_media_timer=1),
            _section("plugins", disable=_modules(_PLUGINS_OFF)),
            _section("transports", disable=_modules(_TRANSPORTS_OFF)),
            _section("loggers", disable=_modules("jsonlog")),
            _section(
                "events",
                broadcast=settings.webhooks is not None,
                stats_period=settings.stats_period,
                disable=_modules(_HANDLERS_OFF),
            ),
        ]
    )


def _http(settings: Settings) -> str:
    api = _section("general", json="compact", base_path="/janus", http=True, port=settings.http_port, ip="127.0.0.1")
    return api + _section(
        "admin", admin_base_path="/admin", admin_http=True, admin_port=settings.admin_port, admin_ip="127.0.0.1"
    )


def _websockets(settings: Settings) -> str:
    return _section(
        "general",
        json="compact",
        ws=True,
        ws_port=settings.websocket_port,
        ws_ip="127.0.0.1",
        # A client that stopped answering is dropped between 5 and 15 seconds later.
        pingpong_trigger=10,
        pingpong_timeout=5,
    )


def _events(webhooks: Webhooks | None) -> str:
    if webhooks is None:
        return _section("general", enabled=False)
    return _section(
        "general",
        enabled=True,
        events=webhooks.events,
        grouping=webhooks.grouping,
        json="compact",
        backend=webhooks.url,
        backend_user=webhooks.user,
        backend_pwd=webhooks.password,
        max_retransmissions=webhooks.max_retransmissions,
        retransmissions_backoff=100,
    )


def _modules(names: str) -> str:
    return ",".join(f"libjanus_{name}.so" for name in names.split())


def _section(name: str, **values: str | int | bool) -> str:
    lines = [f"\t{key} = {_value(value)}\n" for key, value in values.items()]
    return f"{name}: {{\n{''.join(lines)}}}\n"


def _value(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
