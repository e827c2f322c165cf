"""How an rtcStats client writes getStats: only what changed, in numbers for names. Undone here. Pure; bounds and files
are the business of `dumps.py`.

A number never changes its meaning.
"""

from collections.abc import Mapping
from typing import Any, Final

Report = dict[str, Any]
Reports = dict[str, Report]
"""The statistics of one peer connection by their shortened ids, as the browser last gave them."""

GET_STATS: Final = ("g", 1, "getStats")
CLOSE: Final = (36, "close")

# Those that are read here; the others keep their numbers.
_TYPES: Final = {1: "inbound-rtp", 2: "outbound-rtp", 3: "remote-inbound-rtp", 6: "candidate-pair"}
_PROPERTIES: Final = {
    "14": "packetsReceived",
    "15": "packetsLost",
    "16": "jitter",
    "20": "framesDecoded",
    "41": "bytesReceived",
    "74": "localId",
    "75": "roundTripTime",
    "77": "fractionLost",
    "79": "packetsSent",
    "80": "bytesSent",
    "150": "nominated",
    "152": "currentRoundTripTime",
}


def apply(reports: Reports, delta: Mapping[str, Any]) -> None:
    """Bring the statistics of a connection up to date.

    A null removes one. The time that most of them share stands once, beside them, and is not handed on: the dump says
    when each delta was sent.
    """
    for id_, change in delta.items():
        if change is None:
            reports.pop(id_, None)
        elif isinstance(change, dict):
            _merge(reports.setdefault(id_, {}), change)


def _merge(report: Report, change: Mapping[str, Any]) -> None:
    for code, value in change.items():
        name = _PROPERTIES.get(code, code)
        if name == "type":
            report[name] = _TYPES.get(value, value) if isinstance(value, int) else value
        elif isinstance(value, dict) and isinstance(before := report.get(name), dict):
            report[name] = {**before, **value}
        else:
            report[name] = value
