"""Addresses in the configuration of a source: whether one is one, how ids go into it, and where webhooks have to go.

Also what to say where nobody answers at one.
"""

import ipaddress
from typing import Final
from urllib.parse import quote, urlsplit

from moderator.http import HttpError
from moderator.providers.errors import ProviderError, Rejected
from moderator.providers.provider import Finding

UNREACHED: Final = "Is base_url right, and does a firewall let us out?"


def must_be_address(key: str, address: str) -> None:
    """Raises ValueError, with the remedy, for what no request can be sent to."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{key}: write the whole address, beginning with http:// or https://")


def path_part(id_: str) -> str:
    """An id as one part of a path. Ids come with deliveries: none may change what is asked for.

    Raises Rejected for an empty one. (A part of dots alone would be taken for a way up.)
    """
    if not id_:
        raise Rejected("An id is missing, so nobody can be meant.")
    quoted = quote(id_, safe="")
    return quoted.replace(".", "%2E") if set(quoted) <= {"."} else quoted


def registration(webhook_url: str, base_url: str, where: str) -> Finding:
    """Where to register our address, and whether a platform at `base_url` can reach it at all."""
    if _is_private(webhook_url) and not _is_private(base_url):
        what = f"The platform cannot reach {webhook_url}: it is an address of this machine or network only."
        remedy = "Set gateway.public_url to the address that the internet reaches the gateway at."
        return Finding(False, what, remedy, webhooks=True)
    return Finding(True, f"Register {webhook_url} {where}", todo=True, webhooks=True)


def remedy_for(error: ProviderError, unreached: str = UNREACHED) -> str:
    """What `check` says to do about a request that failed. Where nobody answered, the address may be why."""
    return f"{error} {unreached}" if isinstance(error.__cause__, HttpError) else str(error)


def _is_private(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False
