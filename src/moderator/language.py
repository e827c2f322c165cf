"""The program's words in the user's language. English stands in the source; `use` puts a catalogue before it.

Sentences are translated whole, never put together from parts, and filled in afterwards. Words that stand in a table
made at import are `marked` there and given to `tr` where they are shown.
"""

from gettext import NullTranslations


class _InForce:
    catalogue: NullTranslations = NullTranslations()


def use(catalogue: NullTranslations) -> None:
    """From now on words come out of this catalogue; what is shown already stays as it is."""
    _InForce.catalogue = catalogue


def tr(text: str) -> str:
    """A text in the user's language."""
    return _InForce.catalogue.gettext(text) if text else ""


def tr_in(context: str, text: str) -> str:
    """A text whose English has another meaning elsewhere; the context tells translators which is meant."""
    return _InForce.catalogue.pgettext(context, text)


def ntr(one: str, many: str, count: int) -> str:
    """The form of a text that goes with a number: `ntr("1 room", "{count} rooms", n).format(count=n)`."""
    return _InForce.catalogue.ngettext(one, many, count)


def marked(text: str) -> str:
    """The text itself: puts it into the catalogues, for `tr` to find later."""
    return text
