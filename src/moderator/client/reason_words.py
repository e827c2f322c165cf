"""The reason codes in a moderator's words, wherever they are shown. What the policies are called is elsewhere."""

from typing import Final

from msgspec import Struct

from moderator.language import marked


class ReasonWords(Struct, frozen=True):
    """The same words twice: on their own, and inside a sentence. For `tr` at the place of use."""

    label: str
    within: str


REASON_WORDS: Final[dict[str, ReasonWords]] = {
    "not_listed": ReasonWords(marked("Not on the list"), marked("not on the list")),
    "room_full": ReasonWords(marked("Room is full"), marked("the room is full")),
    "wrong_share": ReasonWords(marked("May not share"), marked("may not share")),
    "conduct": ReasonWords(marked("Conduct"), marked("conduct")),
    "time_over": ReasonWords(marked("Time is over"), marked("time is over")),
    "technical": ReasonWords(marked("Technical"), marked("technical")),
    "other": ReasonWords(marked("Other"), marked("other")),
}
