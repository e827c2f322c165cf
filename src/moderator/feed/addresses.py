"""Which addresses secrets are sent to, and keys are believed from. Gateway and client have the same rule."""

import ipaddress
from urllib.parse import urlsplit


def is_secure(url: str) -> bool:
    """Whether nobody on the way can read along or answer instead: HTTPS, or this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host)))


def is_here(url: str) -> bool:
    """Whether this is an address of this very machine, which needs no network."""
    try:
        return _is_this_machine(urlsplit(url).hostname or "")
    except ValueError:
        return False


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
