import pytest

from moderator.client.scopes import lacking_scope
from moderator.desktop.orders.availability import _SCOPES
from moderator.language import tr


@pytest.mark.parametrize("scope", sorted({*_SCOPES.values(), "rooms:read", "audit:read", "access:manage"}))
def test_what_it_takes_is_called_by_both_names(scope: str) -> None:
    words = lacking_scope(scope)
    assert f"({scope}). Whoever manages access can give you" in words
    assert words.startswith(tr("It needs the right to "))


def test_a_scope_of_tomorrow_is_named_as_it_is() -> None:
    assert lacking_scope("moon:fly").startswith("It needs moon:fly. ")
