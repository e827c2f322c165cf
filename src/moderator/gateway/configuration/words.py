"""What is wrong in a configuration, in words: a sentence with a remedy instead of what msgspec says. Pure."""

import re
from collections.abc import Sequence
from typing import Any, Final, get_args, get_type_hints

from msgspec import Struct
from msgspec.structs import fields

_OF_OTHERS: Final = {
    "identity": "this provider's participants have fields of their own for it: leave it out",
    "allow_from": "this provider's webhooks are authenticated in another way: leave it out",
}
"""Keys that some providers have and others do not need, with what to tell who uses them there."""
_UNKNOWN: Final = re.compile(r"Object contains unknown field (`[^`]*`)")
_MISSING: Final = re.compile(r"Object missing required field (`[^`]*`)")
PLACE: Final = re.compile(r" - at `\$\.?([^`]*)`\Z")
_WRONG_TYPE: Final = re.compile(r"Expected `(\w+)(?: \| null)?`, got `(\w+)`")
_WRONG_CHOICE: Final = re.compile(r"Invalid enum value ('.*')", re.DOTALL)
_EMPTY: Final = "Expected `str` of length >= 1"
_KINDS: Final = {
    **{"str": "text in quotes", "int": "a whole number", "float": "a number", "bool": "true or false"},
    **{"array": "a list in brackets", "object": "a table"},
}
"""What msgspec's names of types are in TOML."""


def in_words(problem: str, type_: type[Struct], key: str, also: Sequence[str] = ()) -> str:
    """What msgspec says of a value, as a remedy; it quotes no value but those that are to be chosen from a few.

    `also` are keys that stand in the same table and belong to somebody else.
    """
    if problem == _EMPTY:
        return "this is empty: fill it in"
    if found := _WRONG_CHOICE.fullmatch(problem):
        choices = get_args(_type_at(type_, key))
        return f"{found[1]} is not possible: choose one of {', '.join(choices)}" if choices else problem
    if found := _WRONG_TYPE.fullmatch(problem):
        return f"write {_KINDS.get(found[1], found[1])}, not {_KINDS.get(found[2], found[2])}"
    if found := _UNKNOWN.fullmatch(problem):
        return _about_unknown_key(found[1].strip("`"), [*_keys_at(type_, key), *(() if key else also)])
    return _MISSING.sub(r"the key \1 is missing: add it", problem)


def _type_at(type_: type[Struct], path: str) -> Any:
    """What a key such as `identity.format`, or `tell[0]` in a list, is declared as."""
    declared: Any = type_
    for key in path.split("."):
        structs = _structs_in(declared)
        name, bracket, _ = key.partition("[")
        declared = get_type_hints(structs[0]).get(name) if structs else None
        declared = next(iter(get_args(declared)), None) if bracket else declared
    return declared


def _keys_at(type_: type[Struct], path: str) -> list[str]:
    """What may stand in the table at a key such as `identity`; the whole one when the key is empty."""
    structs = _structs_in(_type_at(type_, path) if path else type_)
    return [field.encode_name for field in fields(structs[0])] if structs else []


def _structs_in(declared: Any) -> list[type[Struct]]:
    return [one for one in (declared, *get_args(declared)) if isinstance(one, type) and issubclass(one, Struct)]


def _about_unknown_key(key: str, known: Sequence[str]) -> str:
    if key in _OF_OTHERS:
        return f"`{key}`: {_OF_OTHERS[key]}"
    return f"unknown key `{key}`: remove it, or use one of {', '.join(sorted(known))}"
