"""The program's words in the user's language. English stands in the source; `use` puts a catalogue before it.

Sentences are translated whole, never put together from parts, and filled in afterwards. Words that stand in a table
made at import are `marked` there and given to `tr` where they are shown.
"""

from gettext import NullTranslations
from typing import Final

_CONTEXT_ENDS: Final = "\4"
"""As in catalogues: between a context and its text."""


class _InForce:
    catalogue: NullTranslations = NullTranslations()


def use(catalogue: NullTranslations) -> None:
    """From now on words come out of this catalogue; what is shown already stays as it is."""
    _InForce.catalogue = catalogue


def tr(text: str) -> str:
    """A text in the user's language."""
    context, _, text = text.rpartition(_CONTEXT_ENDS)
    if context:
        return tr_in(context, text)
    return _InForce.catalogue.gettext(text) if text else ""


def tr_in(context: str, text: str) -> str:
    """A text whose English has another meaning elsewhere; the context tells translators which is meant."""
    return _InForce.catalogue.pgettext(context, text)


def ntr(one: str, many: str, count: int) -> str:
    """The form of a text that goes with a number: `ntr("1 room", "{count} rooms", n).format(count=n)`."""
    return _InForce.catalogue.ngettext(one, many, count)


def number(count: int) -> str:
    """`1,204`, as the language separates thousands."""
    return f"{count:,}".replace(",", tr_in("thousands separator", ","))


def decimal(value: float, digits: int = 1) -> str:
    """`0.6`, with what the language has for a point."""
    return f"{value:.{digits}f}".replace(".", tr_in("decimal point", "."))


def plus() -> str:
    """Before what is added; stays before it where reading begins on the right."""
    return tr_in("before a number", "+")


def minus() -> str:
    """Before what is taken away."""
    return tr_in("before a number", "\u2212")


def marked(text: str) -> str:
    """The text itself: puts it into the catalogues, for `tr` to find later."""
    return text


def marked_in(context: str, text: str) -> str:
    """What `tr` translates as `tr_in` does: not to be shown as it is."""
    return f"{context}{_CONTEXT_ENDS}{text}"
