"""Brings `resources/languages` up to date with the words in the source: extracts them into each language's catalogue,
keeps what is translated, and compiles. Run `python -m scripts.catalogues` after words changed; `--missing` lists what
nobody has translated yet.
"""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = ROOT / "resources" / "languages"
CODES: Final = ("ar", "de", "es")
SOURCE: Final = ROOT / "src" / "moderator"
ENGLISH_ONLY: Final = ("cli", "domain", "feed", "gateway", "journal", "providers", "quality", "simulator")
"""What is never shown in the window as it stands there."""
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
KEYWORDS: Final = {"tr": None, "marked": None, "ntr": (1, 2), "tr_in": ((1, "c"), 2), "marked_in": ((1, "c"), 2)}


def template() -> Catalog:
    """Every text of the source, with where it stands."""
    found = Catalog(project="Moderator", charset="utf-8")
    skipped = [(f"{package}/**.py", "ignore") for package in ENGLISH_ONLY]
    for file, _, message, comments, context in extract_from_dir(
        SOURCE, method_map=[*skipped, ("**.py", "python")], keywords=KEYWORDS, comment_tags=("For translators:",)
    ):
        found.add(message, locations=[(str(file), 0)], auto_comments=comments, context=context)
    return found


def updated(code: str, words: Catalog) -> Catalog:
    """A language's catalogue with all words of the source and no others."""
    catalogue = read(code)
    catalogue.update(words, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def read(code: str) -> Catalog:
    """A language's catalogue as it stands in its file; an empty one where there is none."""
    path = FOLDER / f"{code}.po"
    if not path.exists():
        return Catalog(locale=code, project="Moderator", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=code)


def as_text(catalogue: Catalog) -> bytes:
    """The catalogue as the translators' file."""
    file = io.BytesIO()
    write_po(file, catalogue, width=120, omit_header=True, sort_output=True)
    head = f'msgid ""\nmsgstr ""\n"Language: {catalogue.locale}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    return f'{head}"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'.encode() + file.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as the program reads it; the same words make the same file."""
    catalogue.creation_date = catalogue.revision_date = EPOCH
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def originals(message: Message) -> tuple[str, ...]:
    """A text of the source; for one that goes with a number both of its forms."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def forms(message: Message) -> tuple[str, ...]:
    """What it is in the language, in each form; empty strings where nobody has translated it."""
    return (message.string or "",) if isinstance(message.string, str | None) else tuple(message.string)


def missing(catalogue: Catalog) -> list[Message]:
    """What nobody has translated."""
    return [one for one in catalogue if one.id and not all(forms(one))]


def main() -> None:
    """Write every catalogue."""
    FOLDER.mkdir(exist_ok=True)
    words = template()
    for code in CODES:
        catalogue = updated(code, words)
        (FOLDER / f"{code}.po").write_bytes(as_text(catalogue))
        (FOLDER / f"{code}.mo").write_bytes(compiled(catalogue))
        open_ = missing(catalogue)
        print(f"{code}: {len(catalogue)} texts, {len(open_)} not translated")
        if "--missing" in sys.argv:
            for one in open_:
                print(f"  {one.id!r}")


if __name__ == "__main__":
    main()
