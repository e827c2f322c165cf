import json

from moderator.simulator.stream.dates import At, encode


def test_both_forms_have_nine_digits_below_the_second() -> None:
    moment = {"at": At(1_790_000_000_042)}
    assert json.loads(encode(moment, "rfc3339")) == {"at": "2026-09-21T14:13:20.042187951Z"}
    assert json.loads(encode(moment, "ns")) == {"at": 1_790_000_000_042_187_951}
