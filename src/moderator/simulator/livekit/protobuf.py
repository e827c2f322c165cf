"""Messages as protobuf, which the official clients speak: varints and texts, by the tables of `messages`."""

from collections.abc import Iterator
from typing import Any, Final

from moderator.simulator.livekit.messages import Enum, Field, Fields, Malformed, Values

VARINT: Final = 0
TEXT: Final = 2
FIXED: Final = {1: 8, 5: 4}
"""Kinds that no field of ours has: they are passed over, by their length in bytes."""
LONGEST_VARINT: Final = 10
ALL_BITS: Final = (1 << 64) - 1
ENTRY: Final[Fields] = {"key": Field(1, "string"), "value": Field(2, "string")}
"""A map is written as a list of these."""
SIGNED: Final = frozenset({"int32", "int64"})


def to_protobuf(values: Values, fields: Fields) -> bytes:
    """A message; defaults are left out."""
    said = [(fields[name], value) for name, value in values.items() if value is not None]
    return b"".join(
        _field(one, field) for field, value in said if value != field.default for one in _items(value, field)
    )


def from_protobuf(body: bytes, fields: Fields) -> Values:
    """A message that was sent; what is not known is left out. Raises Malformed."""
    known = {field.number: (name, field) for name, field in fields.items()}
    found: Values = {}
    for number, wire in _read_fields(body):
        if number not in known:
            continue
        name, field = known[number]
        for value in _values(wire, field):
            if field.many:
                found.setdefault(name, []).append(value)
            elif field.kind == "text_map":
                found.setdefault(name, {}).update(value)
            else:
                found[name] = value
    return found


# --- writing ----------------------------------------------------------------------------------------------------------


def _items(value: Any, field: Field) -> list[Any]:
    if field.kind == "text_map":
        return [{"key": key, "value": text} for key, text in value.items()]
    return value if field.many else [value]


def _field(value: Any, field: Field) -> bytes:
    if isinstance(field.kind, Enum):
        number = next(number for number, name in field.kind.names.items() if name == value)
        return _varint(field.number << 3 | VARINT) + _varint(number)
    if field.kind in ("bool", "int32", "uint32", "int64"):
        return _varint(field.number << 3 | VARINT) + _varint(int(value))
    text = _text(value, field)
    return _varint(field.number << 3 | TEXT) + _varint(len(text)) + text


def _text(value: Any, field: Field) -> bytes:
    if field.kind == "text_map":
        return to_protobuf(value, ENTRY)
    if not isinstance(field.kind, str | Enum):
        return to_protobuf(value, field.kind)
    return value.encode() if field.kind == "string" else bytes(value)


def _varint(number: int) -> bytes:
    number &= ALL_BITS  # below 0 in two's complement
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)


# --- reading ----------------------------------------------------------------------------------------------------------


def _read_fields(body: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0
    while at < len(body):
        tag, at = _read_varint(body, at)
        number, kind = tag >> 3, tag & 7
        if kind == VARINT:
            value, at = _read_varint(body, at)
            yield number, value
            continue
        if kind == TEXT:
            length, at = _read_varint(body, at)
        elif kind in FIXED:
            length = FIXED[kind]
        else:
            raise Malformed(f"wire type {kind}")
        if at + length > len(body):
            raise Malformed("cut off")
        yield number, body[at : at + length]
        at += length


def _read_varint(body: bytes, at: int) -> tuple[int, int]:
    number = 0
    for position, byte in enumerate(body[at : at + LONGEST_VARINT]):
        number |= (byte & 0x7F) << 7 * position
        if byte < 0x80:
            return number, at + position + 1
    raise Malformed("no end of a number")


def _values(wire: int | bytes, field: Field) -> list[Any]:
    """What one field on the wire says: several values where numbers are packed."""
    is_number = isinstance(field.kind, Enum) or field.kind in ("bool", "int32", "uint32", "int64")
    if isinstance(wire, int):
        if not is_number:
            raise Malformed("a number where a text belongs")
        return [_number(wire, field)]
    if not is_number:
        return [_read_text(wire, field)]
    if not field.many:
        raise Malformed("a text where a number belongs")
    return [_number(one, field) for one in _unpacked(wire)]


def _unpacked(body: bytes) -> Iterator[int]:
    at = 0
    while at < len(body):
        number, at = _read_varint(body, at)
        yield number


def _number(wire: int, field: Field) -> Any:
    if isinstance(field.kind, Enum):
        return field.kind.names.get(wire, field.kind.names[0])
    if field.kind in SIGNED and wire >> 63:
        return wire - (1 << 64)
    return bool(wire) if field.kind == "bool" else wire


def _read_text(wire: bytes, field: Field) -> Any:
    if field.kind == "text_map":
        entry = from_protobuf(wire, ENTRY)
        return {entry.get("key", ""): entry.get("value", "")}
    if not isinstance(field.kind, str | Enum):
        return from_protobuf(wire, field.kind)
    try:
        return wire.decode() if field.kind == "string" else wire
    except UnicodeDecodeError:
        raise Malformed("no text") from None
