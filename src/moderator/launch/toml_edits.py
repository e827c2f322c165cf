"""Additions to a TOML file that people write: what stands there stays as it is, comments too. Pure.

Text is added, then read back: what does not come out as was meant is refused, never guessed at.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from moderator.language import tr

Value = str | int | list[str] | Mapping[str, str]
_LIST_HEADER: Final = r"^[ \t]*\[\[[ \t]*{name}[ \t]*\]\]"
_HEADER: Final = r"^[ \t]*\[[ \t]*{name}[ \t]*\][ \t]*(#.*)?$"
_ANY_HEADER: Final = re.compile(r"^[ \t]*\[", re.MULTILINE)


class NotEditable(Exception):
    """The file cannot be added to. The message is a sentence without the file's name."""


def table_of(text: str) -> dict[str, Any]:
    """What the file says. Raises NotEditable where it is no TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NotEditable(tr("this is not TOML: {why}").format(why=error)) from error


def with_table(text: str, name: str, values: Mapping[str, Value]) -> str:
    """With a new table such as `sources.clinic` at the end. Raises NotEditable."""
    wanted = deepcopy(table_of(text))
    *parents, last = name.split(".")
    inner = wanted
    for parent in parents:
        inner = inner.setdefault(parent, {})
    if last in inner:
        raise NotEditable(tr("there is a {name} already").format(name=name))
    inner[last] = dict(values)
    return _proved(_joined(text, f"[{name}]\n{_lines(values)}"), wanted)


def with_first_in_list(text: str, name: str, values: Mapping[str, Value]) -> str:
    """With a new table before the others of a list such as `room_types`. Raises NotEditable."""
    wanted = deepcopy(table_of(text))
    wanted[name] = [dict(values), *wanted.get(name, [])]
    block = f"[[{name}]]\n{_lines(values)}"
    first = re.search(_LIST_HEADER.format(name=re.escape(name)), text, re.MULTILINE)
    edited = _joined(text, block) if first is None else f"{text[: first.start()]}{block}\n{text[first.start() :]}"
    return _proved(edited, wanted)


def with_value(text: str, table: str, key: str, value: str | int) -> str:
    """With another value of one key; the table is added where there is none. Raises NotEditable."""
    wanted = deepcopy(table_of(text))
    wanted.setdefault(table, {})[key] = value
    line = f"{key} = {_value(value)}"
    header = re.search(_HEADER.format(name=re.escape(table)), text, re.MULTILINE)
    if header is None:
        return _proved(_joined(text, f"[{table}]\n{line}\n"), wanted)
    following = _ANY_HEADER.search(text, header.end())
    end = following.start() if following else len(text)
    body, found = re.subn(rf"^[ \t]*{re.escape(key)}[ \t]*=.*$", lambda _: line, text[header.end() : end], flags=re.M)
    body = body if found else f"\n{line}{body}"
    return _proved(f"{text[: header.end()]}{body}{text[end:]}", wanted)


def _proved(text: str, wanted: dict[str, Any]) -> str:
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        found = None
    if found != wanted:
        raise NotEditable(
            tr("it is written in a way that nothing can be added to: write it in tables, such as [gateway]")
        )
    return text


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
    return json.dumps(value, ensure_ascii=False)  # its escapes are TOML's too
