"""The lines that the gateway writes to standard error: as text for people, or each as a JSON object for programs."""

import logging
from datetime import UTC, datetime
from typing import Final

import msgspec

from moderator.gateway.configuration.sections import LogFormat

TEXT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
FIELDS: Final = ("source",)
"""What a line may say beside its words: given as `extra` of the call."""


class JsonLines(logging.Formatter):
    """`time` (RFC 3339, UTC), `level`, `logger`, `message`; where there is one, `exception`; and `FIELDS`."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _readable(record.getMessage()),
        }
        line |= {name: _readable(str(record.__dict__[name])) for name in FIELDS if name in record.__dict__}
        if record.exc_info:
            line["exception"] = _readable(self.formatException(record.exc_info))
        return msgspec.json.encode(line).decode()


def formatter(log_format: LogFormat) -> logging.Formatter:
    """What writes the lines as the configuration says."""
    return JsonLines() if log_format == "json" else logging.Formatter(TEXT)


def _readable(text: str) -> str:
    """JSON has no half of a character."""
    return text.encode("utf-8", "backslashreplace").decode()
