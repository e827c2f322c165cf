"""The published description of the feed is the one that the code gives."""

from scripts import feed_reference


def test_the_reference_is_up_to_date() -> None:
    assert feed_reference.PAGE.read_text(encoding="utf-8") == feed_reference.page(), (
        "run `python -m scripts.feed_reference`"
    )
