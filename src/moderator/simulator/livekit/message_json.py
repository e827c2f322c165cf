"""Messages as JSON, in both of LiveKit's ways.

The room service answers with names_like_this and says every default; webhooks have namesLikeThis and leave defaults
out. Requests may use either. Integers of 64 bits are strings, enums are names, bytes are base64.
"""

import base64
import binascii
from collections.abc import Callable
from typing import Any, Final

from moderator.simulator.livekit.messages import Enum, Field, Fields, Malformed, Scalar, Values

_TYPES: Final[dict[Scalar, type | tuple[type, ...]]] = {
    **{"string": str, "bytes": str, "bool": bool, "int32": int, "uint32": int, "int64": (int, str)},
    "text_map": dict,
}


def reply_json(values: Values, fields: Fields) -> Values:
    """A message as the room service writes it."""
    return {name: _each(values.get(name, field.default), field, _reply) for name, field in fields.items()}


def webhook_json(values: Values, fields: Fields) -> Values:
    """A message as webhooks have it."""
    said = {name: value for name, value in values.items() if value != fields[name].default}
    return {camel(name): _each(value, fields[name], _webhook) for name, value in said.items()}


def read_json(document: object, fields: Fields) -> Values:
    """A message that was sent as decoded JSON; what is not known is left out. Raises Malformed."""
    if not isinstance(document, dict):
        raise Malformed("not an object")
    sent = {name: document.get(name, document.get(camel(name))) for name in fields}
    return {name: _each(value, fields[name], _read) for name, value in sent.items() if value is not None}


def camel(name: str) -> str:
    """The other spelling of a field."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def _each(value: Any, field: Field, convert: Callable[[Any, Field], Any]) -> Any:
    if not field.many:
        return convert(value, field)
    if not isinstance(value, list):
        raise Malformed("not a list")
    return [convert(one, field) for one in value]


def _reply(value: Any, field: Field) -> Any:
    return _write(value, field, reply_json)


def _webhook(value: Any, field: Field) -> Any:
    return _write(value, field, webhook_json)


def _write(value: Any, field: Field, write: Callable[[Values, Fields], Values]) -> Any:
    if value is not None and not isinstance(field.kind, str | Enum):
        return write(value, field.kind)
    if field.kind == "int64":
        return str(value)
    return base64.b64encode(value).decode() if field.kind == "bytes" else value


def _read(value: Any, field: Field) -> Any:
    if isinstance(field.kind, Enum):
        # Numbers are taken as well, and what is not known counts as the default.
        name = field.kind.names.get(value, value) if isinstance(value, int) else value
        return name if name in field.kind.names.values() else field.kind.names[0]
    if not isinstance(field.kind, str):
        return read_json(value, field.kind)
    if not isinstance(value, _TYPES[field.kind]):
        raise Malformed(f"no {field.kind}")
    return _convert(value, field.kind)


def _convert(value: Any, kind: Scalar) -> Any:
    try:
        if kind == "bytes":
            return base64.b64decode(value, validate=True)
        return int(value) if kind == "int64" else value
    except (binascii.Error, ValueError):
        raise Malformed(f"no {kind}") from None
