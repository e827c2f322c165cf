"""Additions to a TOML file that people write: what stands there stays as it is, comments too. Pure.

Text is added, then read back: what does not come out as was meant is refused, never guessed at.
"""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from typing import Any, Final

from moderator.language import tr

Value = str | int | list[str] | Mapping[str, str]
_LIST_HEADER: Final = r"^[ \t]*\[\[[ \t]*{name}[ \t]*\]\]"
_HEADER: Final = r"^[ \t]*\[[ \t]*{name}[ \t]*\][ \t]*(#.*)?$"
_ANY_HEADER: Final = re.compile(r"^[ \t]*\[", re.MULTILINE)
_COMMENTS: Final = re.compile(r"(^[ \t]*#.*\n)*\Z", re.MULTILINE)
"""At the end of a text: they belong to what follows."""


class NotEditable(Exception):
    """The file cannot be added to. The message is a sentence without the file's name."""


def table_of(text: str) -> dict[str, Any]:
    """What the file says. Raises NotEditable where it is no TOML."""
    try:
        return tomllib.loads(text)
    except ValueError as error:
        raise NotEditable(tr("this is not TOML: {why}").format(why=error)) from error
    except RecursionError as error:
        raise _otherwise_written() from error


def edited(text: str, edit: Callable[[str], str]) -> str:
    """What the edit makes of the text; lines that ended as on Windows still do. Raises what the edit raises."""
    is_windows = "\r\n" in text and text.count("\r\n") == text.count("\n")
    result = edit(text.replace("\r\n", "\n"))
    return result.replace("\n", "\r\n") if is_windows else result


def with_table(text: str, name: str, values: Mapping[str, Value]) -> str:
    """With a new table such as `sources.clinic` at the end. Raises NotEditable."""
    wanted = table_of(text)
    *parents, last = name.split(".")
    inner = wanted
    for parent in parents:
        inner = _inner(inner, parent)
    if last in inner:
        raise NotEditable(tr("there is a {name} already").format(name=name))
    inner[last] = dict(values)
    return _proved(_joined(text, f"[{name}]\n{_lines(values)}"), wanted)


def with_first_in_list(text: str, name: str, values: Mapping[str, Value]) -> str:
    """With a new table before the others of a list such as `room_types`. Raises NotEditable."""
    wanted = table_of(text)
    others = wanted.get(name, [])
    if not isinstance(others, list):
        raise _otherwise_written()
    wanted[name] = [dict(values), *others]
    block = f"[[{name}]]\n{_lines(values)}"
    first = re.search(_LIST_HEADER.format(name=re.escape(name)), text, re.MULTILINE)
    if first is None:
        return _proved(_joined(text, block), wanted)
    comments = _COMMENTS.search(text, 0, first.start())
    at = comments.start() if comments else first.start()
    return _proved(f"{text[:at]}{block}\n{text[at:]}", wanted)


def with_value(text: str, table: str, key: str, value: str | int) -> str:
    """With another value of one key; the table is added where there is none. Raises NotEditable."""
    wanted = table_of(text)
    _inner(wanted, table)[key] = value
    line = f"{key} = {_value(value)}"
    header = re.search(_HEADER.format(name=re.escape(table)), text, re.MULTILINE)
    if header is None:
        return _proved(_joined(text, f"[{table}]\n{line}\n"), wanted)
    following = _ANY_HEADER.search(text, header.end())
    end = following.start() if following else len(text)
    body, found = re.subn(rf"^[ \t]*{re.escape(key)}[ \t]*=.*$", lambda _: line, text[header.end() : end], flags=re.M)
    body = body if found else f"\n{line}{body}"
    return _proved(f"{text[: header.end()]}{body}{text[end:]}", wanted)


def _inner(table: dict[str, Any], name: str) -> dict[str, Any]:
    """The table in it, added where there is none. Raises NotEditable where something else is."""
    found = table.setdefault(name, {})
    if not isinstance(found, dict):
        raise _otherwise_written()
    return found


def _proved(text: str, wanted: dict[str, Any]) -> str:
    try:
        text.encode()
        is_meant = tomllib.loads(text) == wanted
    except UnicodeEncodeError as error:
        raise NotEditable(tr("it is not text")) from error
    except (ValueError, RecursionError):
        is_meant = False
    if not is_meant:
        raise _otherwise_written()
    return text


def _otherwise_written() -> NotEditable:
    return NotEditable(tr("it is written in a way that nothing can be added to: write it in tables, such as [gateway]"))


def _joined(text: str, block: str) -> str:
    """The block at the end, after an empty line."""
    return f"{text.rstrip()}\n\n{block}" if text.strip() else block


def _lines(values: Mapping[str, Value]) -> str:
    return "".join(f"{key} = {_value(value)}\n" for key, value in values.items())


def _value(value: Value) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # its escapes are TOML's too
