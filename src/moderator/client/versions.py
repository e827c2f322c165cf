"""What a gateway of another version can and cannot do with this program, in sentences. No request is made here."""

from typing import Final

import moderator
from moderator.client.me import Me
from moderator.client.texts import safe
from moderator.language import marked, tr, tr_in

_LACKING: Final = {
    "extend": marked("more time for rooms"),
    "disconnect": marked("disconnecting people"),
    "block": marked("keeping people out"),
    "revoke": marked("taking microphones away"),
    "end": marked("ending rooms"),
    "owner": marked("who looks after a room"),
    "hold": marked("holding automatic disconnects"),
    "appointments": marked("what is announced"),
    "lock": marked("locking rooms"),
    "duty": marked("who is on duty"),
}
"""What the window uses, by the name of the gateway's feature, the weightiest first."""
_PARTS: Final = 3
"""The numbers of a version: `0.3.0`."""


def lacking(me: Me) -> tuple[str, ...]:
    """What this gateway cannot do though the window offers it, as people call it. A gateway that names none is not
    judged by its silence."""
    return tuple(tr(words) for feature, words in _LACKING.items() if feature not in me.features) if me.features else ()


def is_newer(version: str, than: str = moderator.__version__) -> bool:
    """Whether a version is later than this program's; what is no version is not."""
    ours, theirs = _numbers(than), _numbers(version)
    return bool(theirs) and theirs > ours


def about_versions(me: Me) -> str:
    """A sentence where gateway and program do not fit; empty where they do."""
    here = moderator.__version__
    if missing := lacking(me):
        words = tr(
            "The gateway is {gateway}, this program {program}. Not available until the gateway is updated: {what}."
        )
        what = tr_in("between items of a list", ", ").join(missing)
        return words.format(gateway=safe(me.version) or "?", program=here, what=what)
    return newer_gateway(me.version) if is_newer(me.version) else ""


def newer_gateway(version: str) -> str:
    """That the program is behind; what it does not know it leaves out."""
    words = tr(
        "The gateway is {gateway}, this program {program}: an update of this program is due. All that it knows works."
    )
    return words.format(gateway=safe(version) or "?", program=moderator.__version__)


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.split("+", maxsplit=1)[0].split(".")[:_PARTS]
    return tuple(map(int, parts)) if len(parts) == _PARTS and all(part.isdecimal() for part in parts) else ()
