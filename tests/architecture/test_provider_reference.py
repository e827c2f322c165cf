"""The published table of capabilities is the code's, and every mark in it has a test that is there."""

from importlib.metadata import entry_points

import pytest

from scripts import provider_reference
from scripts.provider_reference import PLATFORMS, Proof


def test_the_reference_is_up_to_date() -> None:
    assert provider_reference.PAGE.read_text(encoding="utf-8") == provider_reference.page(), (
        "run `python -m scripts.provider_reference`"
    )


def test_every_provider_is_in_it() -> None:
    ours = {one.name for one in entry_points(group="moderator.providers") if one.value.startswith("moderator.")}
    assert set(PLATFORMS) == ours


@pytest.mark.parametrize("name", PLATFORMS)
def test_what_is_possible_has_a_proof_and_what_is_not_has_none(name: str) -> None:
    possible = {action for action, one in PLATFORMS[name].capabilities.items() if one.by is not None}
    assert set(PLATFORMS[name].proofs) == possible


@pytest.mark.parametrize(
    "proof",
    {
        proof.file + proof.name: proof for one in PLATFORMS.values() for of in one.proofs.values() for proof in of
    }.values(),
)
def test_every_proof_is_a_test(proof: Proof) -> None:
    assert proof.name in (provider_reference.ROOT / proof.file).read_text(encoding="utf-8")
