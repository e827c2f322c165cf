"""What of the things that people type can be judged without asking anybody, and how fields are named in what is said.
A sentence says what to change."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from moderator.desktop.welcome.platforms import Field
from moderator.language import marked, tr

SOURCE_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ASSIGNMENT: Final = re.compile(r"^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=\s*(.*?)\s*$", re.MULTILINE)
_PEM: Final = re.compile(r"-----BEGIN (?:RSA )?PRIVATE KEY-----.+-----END (?:RSA )?PRIVATE KEY-----", re.DOTALL)
_SCHEMES: Final = {"web": {"http", "https"}, "livekit": {"http", "https", "ws", "wss"}}
_ADDRESSES: Final = {
    "web": marked("Write the whole address, beginning with http:// or https://"),
    "livekit": marked("Write the whole address, beginning with wss:// or https://"),
}


def problem(field: Field, text: str) -> str:
    """What is wrong with a value; empty when nothing is, and while nothing was typed."""
    text = text.strip()
    if not text:
        return ""
    if field.kind in _SCHEMES:
        return "" if is_address(text, _SCHEMES[field.kind]) else tr(_ADDRESSES[field.kind])
    if field.kind == "private_key":
        return _problem_of_key(text)
    if any(letter.isspace() for letter in text):
        return tr("There is a space or a line break in it: copy only the value itself.")
    if field.kind == "uuid" and not _is_uuid(text):
        return tr("This is no application ID: it looks like {example}").format(example=field.example)
    return ""


def is_complete(field: Field, text: str) -> bool:
    """Whether this can be sent."""
    return (field.optional or bool(text.strip())) and not problem(field, text)


def problem_of_name(name: str, taken: Iterable[str]) -> str:
    """What is wrong with what a source is to be called."""
    if name in taken:
        return tr("There is a source of this name already.")
    return "" if SOURCE_NAME.fullmatch(name) else tr("Use 1 to 64 letters, digits, hyphens or underscores.")


def free_name(wish: str, taken: Iterable[str]) -> str:
    """The wish, or with a number behind it."""
    names = set(taken)
    number = 2
    name = wish
    while name in names:
        name, number = f"{wish}-{number}", number + 1
    return name


def assignments(text: str, fields: Iterable[Field]) -> dict[str, str]:
    """What lines such as `LIVEKIT_API_KEY=...` say of several fields at once, by key; empty where they do not."""
    found = {name: value.strip("'\"") for name, value in _ASSIGNMENT.findall(text)}
    return {one.key: found[one.variable] for one in fields if one.variable and found.get(one.variable)}


def with_labels(said: str, fields: Iterable[Field]) -> str:
    """What was said about keys of the configuration, with what the fields are called here. Keys of a platform's own
    file keep their names. A platform whose address is no field has one all the same.
    """
    labels = {"base_url": tr("Server address")} | {one.key: tr(one.label) for one in fields}
    keys = re.compile(rf"\b({'|'.join(labels)})\b(?! in \S+\.jcfg)")
    return keys.sub(lambda key: f"“{labels[key[0]]}”", said)


def is_address(text: str, schemes: Iterable[str] = ("http", "https")) -> bool:
    """Whether requests can be sent there: without a name and password in it."""
    try:
        parts = urlsplit(text.strip())
        usable = parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False
    return usable and "@" not in parts.netloc and not any(letter.isspace() for letter in text.strip())


def _problem_of_key(text: str) -> str:
    if "PUBLIC KEY" in text:
        return tr("This is the public key: give the private one.")
    if _PEM.search(text):
        return ""
    return tr("Give the whole file, from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----")


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
