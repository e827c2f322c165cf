"""Whether an app works, and whether its webhooks come to us. Changes nothing on the platform."""

from typing import Final

import msgspec
from msgspec import Struct

from moderator.providers.addresses import registration, remedy_for
from moderator.providers.errors import Forbidden, NotSupported, ProviderError, RateLimited
from moderator.providers.provider import Finding
from moderator.providers.short_secrets import short_secret
from moderator.providers.stream.api import StreamApi
from moderator.providers.stream.endpoints import GET_APP, QUERY_CALLS
from moderator.providers.stream.options import StreamOptions

DASHBOARD: Final = "in Stream's dashboard: your app, Video & Audio, Webhooks, with all events of calls."
NEEDED: Final = (
    "call.session_started",
    "call.session_ended",
    "call.session_participant_joined",
    "call.session_participant_left",
    "call.updated",
    "call.ended",
)
"""Without these, lists alone tell what happens."""
UNTOLD: Final = "Stream does not tell whether it sends its events to us."
_ONE: Final = {"filter_conditions": {"ongoing": True}, "limit": 1}


class _Hook(Struct):
    webhook_url: str | None = None
    enabled: bool | None = None
    event_types: tuple[str, ...] | None = None


class _App(Struct):
    event_hooks: tuple[_Hook, ...] | None = None


class _Answer(Struct):
    app: _App


async def all_of(api: StreamApi, options: StreamOptions, webhook_url: str) -> list[Finding]:
    """A finding for each thing looked at. What keeps us from asking at all is said once."""
    answered = await credentials(api)
    if answered.ok:
        registered = await webhooks(api, webhook_url, options.base_url)
    else:
        registered = registration(webhook_url, options.base_url, DASHBOARD)
    return [answered, *short_secret("api_secret", options.api_secret), registered]


async def credentials(api: StreamApi) -> Finding:
    """Asks for one call, as the gateway does every half minute."""
    try:
        await api.ask(QUERY_CALLS, body=_ONE)
    except Forbidden as error:
        return Finding(False, "Stream refuses our credentials.", str(error))
    except RateLimited as error:
        wait = "in a minute" if error.retry_after_s is None else f"in {error.retry_after_s:.0f} s"
        return Finding(
            False, "Stream asks for a pause: too many requests were sent for this app.", f"Try again {wait}."
        )
    except NotSupported as error:
        return Finding(False, "What answers at base_url is not Stream's API.", str(error))
    except ProviderError as error:
        return Finding(False, "Stream cannot be used.", remedy_for(error))
    return Finding(True, "Stream answers, and accepts our credentials.")


async def webhooks(api: StreamApi, webhook_url: str, base_url: str) -> Finding:
    """Whether the app sends its events to us; where to register where its settings name no webhooks at all."""
    register = registration(webhook_url, base_url, DASHBOARD)
    if not register.ok:
        return register
    try:
        hooks = msgspec.json.decode(await api.ask(GET_APP), type=_Answer).app.event_hooks
    except ProviderError as error:
        look = f"{error} See yourself whether {webhook_url} is registered {DASHBOARD}"
        return Finding(False, UNTOLD, look, webhooks=True)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return Finding(False, UNTOLD, f"See yourself whether {webhook_url} is registered {DASHBOARD}", webhooks=True)
    if not hooks:  # kept in another way, perhaps
        return register
    ours = [one for one in hooks if one.enabled is not False and (one.webhook_url or "").rstrip("/") == webhook_url]
    if not ours:
        return Finding(
            False, f"No webhook of this app goes to {webhook_url}", f"Register it {DASHBOARD}", webhooks=True
        )
    sent = {type_ for one in ours for type_ in one.event_types or NEEDED}  # none named: all are sent
    missing = [one for one in NEEDED if one not in sent]
    if missing:
        unsent = f"Stream does not send us {', '.join(missing)}"
        return Finding(False, unsent, f"Turn them on {DASHBOARD}", webhooks=True)
    return Finding(True, f"Stream sends its events to {webhook_url}", webhooks=True)
