from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.desktop.welcome.platforms import PLATFORMS, Field
from moderator.desktop.welcome.validation import (
    assignments,
    free_name,
    is_address,
    is_complete,
    problem,
    problem_of_name,
    with_labels,
)

FIELDS = {f"{platform.provider}.{one.key}": one for platform in PLATFORMS for one in platform.fields}
KEY = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("livekit.base_url", "clinic.livekit.cloud", "beginning with wss://"),
        ("livekit.base_url", "wss://clinic.livekit.cloud", ""),
        ("livekit.base_url", "ftp://clinic", "beginning with wss://"),
        ("livekit.base_url", "https://a:b@clinic", "beginning with wss://"),
        ("janus.base_url", "ws://127.0.0.1/janus", "beginning with http://"),
        ("livekit.api_key", "API key", "a space"),
        ("livekit.api_key", " APIx \n", ""),
        ("vonage.application_id", "29f760f8", "no application ID"),
        ("vonage.application_id", "29f760f8-7ce1-46c9-ade3-f2dedee4ed5f", ""),
        ("vonage.private_key", KEY, ""),
        ("vonage.private_key", KEY.replace("PRIVATE", "PUBLIC"), "public key"),
        ("vonage.private_key", KEY[:40], "whole file"),
        ("vonage.private_key", "", ""),
    ],
)
def test_what_is_wrong_is_said_while_it_is_typed(field: str, text: str, said: str) -> None:
    found = problem(FIELDS[field], text)
    assert (said in found) if said else not found


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS)
def test_nothing_is_wrong_yet_where_nothing_was_typed(field: Field) -> None:
    assert problem(field, "  ") == ""
    assert is_complete(field, "") is field.optional


def test_names() -> None:
    assert free_name("livekit", ()) == "livekit"
    assert free_name("livekit", ("livekit", "livekit-2")) == "livekit-3"
    assert "already" in problem_of_name("livekit", ("livekit",))
    assert "letters" in problem_of_name("my room", ())
    assert problem_of_name("exams-2", ("livekit",)) == ""


def test_lines_for_the_environment_fill_several_fields() -> None:
    fields = PLATFORMS[0].fields
    text = "LIVEKIT_URL=wss://c.livekit.cloud\nexport LIVEKIT_API_KEY='APIx'\nLIVEKIT_API_SECRET=s=1\nOTHER=1"
    assert assignments(text, fields) == {"base_url": "wss://c.livekit.cloud", "api_key": "APIx", "api_secret": "s=1"}
    assert assignments("s3cret=", fields) == {}
    assert assignments("wss://c.livekit.cloud", fields) == {}


@given(st.text())
def test_no_text_breaks_the_judgement(text: str) -> None:
    for field in FIELDS.values():
        assert isinstance(problem(field, text), str)
    if is_address(text):
        assert urlsplit(text.strip()).hostname


@pytest.mark.parametrize(
    ("provider", "said", "shown"),
    [
        ("livekit", "is base_url right?", "is “Server address” right?"),
        ("livekit", "api_secret has 6 characters", "“API secret” has 6 characters"),
        ("janus", "Compare it with api_secret in janus.jcfg. Is base_url right?", None),
        ("vonage", "Is base_url right?", "Is “Server address” right?"),
        ("opentok", "nothing of ours: my_api_key", "nothing of ours: my_api_key"),
    ],
)
def test_the_fields_names_stand_for_the_keys_of_the_configuration(provider: str, said: str, shown: str | None) -> None:
    (fields,) = [one.fields for one in PLATFORMS if one.provider == provider]
    expected = "Compare it with api_secret in janus.jcfg. Is “Janus API” right?" if shown is None else shown
    assert with_labels(said, fields) == expected
