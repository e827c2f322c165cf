"""Strange bodies are strange in many ways, and the same each time."""

import json

from moderator.providers.conformance.strange import BODIES, bodies, planted

SAMPLES = [b'{"event": "joined", "room": {"id": "r"}, "at": 5}', b"not json"]


def test_the_same_seed_gives_the_same_bodies() -> None:
    assert list(bodies(SAMPLES, 1, 300)) == list(bodies(SAMPLES, 1, 300))
    assert list(bodies(SAMPLES, 1, 300)) != list(bodies(SAMPLES, 2, 300))


def test_samples_are_cut_and_changed() -> None:
    made = list(bodies(SAMPLES, 1, 500))[len(BODIES) :]
    assert any(SAMPLES[0].startswith(body) for body in made if 0 < len(body) < len(SAMPLES[0]))
    readable = [one for body in made if body.startswith(b"{") and (one := _decoded(body)) is not None]
    assert any("at" not in one and one.get("event") == "joined" for one in readable)
    assert any(one.get("event") == "joined" and one.get("at") not in (5, None) for one in readable)


def test_platforms_without_json_get_strange_bodies_too() -> None:
    assert len(list(bodies([b"event=joined"], 1, 50))) == len(BODIES) + 50


def test_secrets_are_planted_in_every_object() -> None:
    whole, unknown, listed, cut = planted(SAMPLES[0], ["token"], "s3cret")
    expected = {"token": "s3cret", "TOKEN": "s3cret"}
    assert json.loads(whole) == {"event": "joined", "room": {"id": "r", **expected}, "at": 5, **expected}
    assert json.loads(unknown) == {"whatever": json.loads(whole)}
    assert json.loads(listed) == [json.loads(whole)]
    assert _decoded(cut) is None
    assert not list(planted(SAMPLES[1], ["token"], "s3cret"))


def _decoded(body: bytes) -> dict[str, object] | None:
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
