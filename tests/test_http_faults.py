import errno
import socket
import ssl

import pytest

from moderator.http_faults import Fault, fault_of, words_of


def caused_by(cause: BaseException) -> Exception:
    error = RuntimeError("wrapped")
    error.__cause__ = ExceptionGroup("both addresses", [OSError("no errno"), cause])  # type: ignore[type-var]
    return error


def certificate(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = code
    return error


@pytest.mark.parametrize(
    ("cause", "fault"),
    [
        (OSError(errno.ENETUNREACH, "no route"), "offline"),
        (OSError(errno.ENETDOWN, "down"), "offline"),
        (OSError(errno.ECONNREFUSED, "refused"), "refused"),
        (socket.gaierror(socket.EAI_AGAIN, "try again"), "offline"),
        (socket.gaierror(socket.EAI_NONAME, "unknown"), "unknown_name"),
        (certificate(10), "expired"),
        (certificate(9), "not_yet_valid"),
        (certificate(62), "other_name"),
        (certificate(64), "other_name"),
        (certificate(18), "untrusted"),
        (certificate(20), "untrusted"),
        (ssl.SSLError(1, "wrong version number"), "no_tls"),
        (ValueError("x"), "refused"),
    ],
)
def test_the_deepest_cause_says_more(cause: Exception, fault: Fault) -> None:
    assert fault_of(caused_by(cause), "refused") == fault
    assert len(words_of(fault)) > 10


@pytest.mark.parametrize(("said", "fault"), [("407 Who are you", "proxy_asks"), ("403 No", "proxy"), ("", "proxy")])
def test_what_a_proxy_says_is_its_own(said: str, fault: Fault) -> None:
    error = RuntimeError(said)
    error.__cause__ = certificate(10)
    assert fault_of(error, "proxy") == fault


def test_of_several_causes_the_deepest_counts() -> None:
    error = OSError(errno.ENETUNREACH, "no route")
    error.__cause__ = certificate(10)
    assert fault_of(caused_by(error), "refused") == "expired"
