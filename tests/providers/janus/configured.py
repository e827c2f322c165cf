"""Providers that are configured for a test server."""

from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.providers.janus import JanusProvider
from moderator.providers.janus.options import Options
from tests.end_to_end.janus_server import JanusServer


def options_for(server: JanusServer, **changes: str) -> Options:
    """What an operator would configure for this server."""
    known = {
        "base_url": server.base_url,
        "api_secret": server.api_secret,
        "admin_url": server.admin_url,
        "admin_secret": server.admin_secret,
        "admin_key": server.admin_key,
        "room_secret": server.room_secret,
        "webhook_user": "janus",
        "webhook_password": "webhook-password",
    }
    return Options(**{**known, **changes})


def provider_for(server: JanusServer, http: HttpClient, **changes: str) -> JanusProvider:
    return JanusProvider("clinic", options_for(server, **changes), http, SystemClock())
