"""The window looks as it did when somebody looked at it and said so."""

from pathlib import Path
from typing import Final

import pytest
from PIL import Image, ImageChops
from PySide6.QtWidgets import QApplication

from scripts.snapshots import APPROVED, approved, difference, picture

MOST: Final = 0.002
"""The share of a picture that may look different: other versions of Qt and FreeType draw letters differently."""


@pytest.mark.parametrize(("name", "theme"), APPROVED)
async def test_it_looks_as_approved(qapp: QApplication, tmp_path: Path, name: str, theme: str) -> None:
    taken = await picture(qapp, name, theme, tmp_path)
    with Image.open(approved(name, theme)) as wanted:
        apart = difference(taken, wanted.convert("RGB"))
    if apart > MOST:
        taken.save(tmp_path / "taken.png")
    assert apart <= MOST, f"look at {tmp_path / 'taken.png'}; to approve: python -m scripts.snapshots {name}"


def test_what_people_would_see_is_noticed() -> None:
    with Image.open(approved("twenty-rooms", "light")) as wanted:
        whole = wanted.convert("RGB")
    shifted = ImageChops.offset(whole, 0, 6)
    without_a_row = whole.copy()
    without_a_row.paste(whole.crop((0, 200, 1000, 232)), (0, 300))
    assert difference(whole, whole) == 0
    assert min(difference(whole, other) for other in (shifted, without_a_row)) > MOST
    assert difference(whole, whole.resize((100, 100))) == 1
