"""Why a request came to nothing, out of the causes of its error, and the words for it. No request is made here.

`socket` and `ssl` tell more than any HTTP library passes on: that a name is unknown, this computer offline, or which
fault a certificate has.
"""

import errno
import socket
import ssl
from collections.abc import Iterator
from typing import Final, Literal

from moderator.language import marked, tr

Fault = Literal[
    "", "offline", "unknown_name", "refused", "broke", "timeout", "no_http", "no_scheme", "no_address",
    "proxy", "proxy_asks", "proxy_away",
    "untrusted", "expired", "not_yet_valid", "other_name", "no_tls",
]  # fmt: skip
"""`offline`: this computer's own network is away. The last line is about certificates."""

_WORDS: Final[dict[Fault, str]] = {
    "": marked("the request failed"),
    "offline": marked("this computer has no network"),
    "unknown_name": marked("no such name is known in this network: compare the address"),
    "refused": marked("no connection"),
    "broke": marked("the connection broke"),
    "no_http": marked("the connection broke, or it is no HTTP server"),
    "no_scheme": marked("an address begins with http:// or https://"),
    "no_address": marked("that is no address"),
    "proxy": marked("the proxy of this network refuses to connect: ask whoever runs it"),
    "proxy_asks": marked("the proxy asks who you are: write HTTPS_PROXY as http://NAME:PASSWORD@HOST:PORT"),
    "proxy_away": marked("no connection; HTTPS_PROXY names a proxy, which may be what is away"),
    "untrusted": marked(
        "this computer does not trust whoever issued its certificate. If that is your company, name its authority's "
        "file in SSL_CERT_FILE, or add it to the system's certificates"
    ),
    "expired": marked("its certificate has expired: whoever runs it has to renew it"),
    "not_yet_valid": marked("its certificate is not valid yet: compare this computer's clock"),
    "other_name": marked("its certificate is for another name: compare the address"),
    "no_tls": marked("it speaks no TLS: compare the address, perhaps it begins with http://"),
}
_NO_NETWORK: Final = frozenset({errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL})
_CERTIFICATES: Final[dict[int, Fault]] = {9: "not_yet_valid", 10: "expired", 62: "other_name", 64: "other_name"}
"""By OpenSSL's number of what is wrong (X509_V_ERR); any other is a question of trust."""


def fault_of(error: BaseException, otherwise: Fault) -> Fault:
    """What its deepest cause says, or `otherwise` where none says anything."""
    if otherwise == "proxy":
        return "proxy_asks" if str(error).startswith("407") else "proxy"
    return next((fault for cause in _causes(error) if (fault := _told_by(cause))), otherwise)


def words_of(fault: Fault) -> str:
    """The half sentence after `cannot be reached:`."""
    return tr(_WORDS.get(fault, _WORDS[""]))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """What the error came from, the deepest first, then the parts of a group, then the error itself."""
    if error is None:
        return
    yield from _causes(error.__cause__ or error.__context__)
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            yield from _causes(part)
    yield error


def _told_by(cause: BaseException) -> Fault:
    match cause:
        case ssl.SSLCertVerificationError():
            return _CERTIFICATES.get(cause.verify_code, "untrusted")
        case ssl.SSLError():
            return "no_tls"
        case socket.gaierror():
            return "offline" if cause.errno == socket.EAI_AGAIN else "unknown_name"
        case OSError() if cause.errno in _NO_NETWORK:
            return "offline"
    return ""
