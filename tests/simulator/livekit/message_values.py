"""Messages for tests: any values that the tables allow."""

from typing import Any

from hypothesis import strategies as st

from moderator.simulator.livekit.messages import ONLY_DEFAULT, Enum, Field, Fields, Values

NUMBERS = {"int32": (-(2**31), 2**31 - 1), "uint32": (0, 2**32 - 1), "int64": (-(2**63), 2**63 - 1)}
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


def messages(fields: Fields) -> st.SearchStrategy[Values]:
    return st.fixed_dictionaries({}, optional={name: values(field) for name, field in fields.items()})


def values(field: Field) -> st.SearchStrategy[Any]:
    if field.kind is ONLY_DEFAULT:
        return st.just([])
    return st.lists(single(field), max_size=3) if field.many else single(field)


def single(field: Field) -> st.SearchStrategy[Any]:
    if isinstance(field.kind, Enum):
        return st.sampled_from(list(field.kind.names.values()))
    if not isinstance(field.kind, str):
        return messages(field.kind)
    if field.kind in NUMBERS:
        return st.integers(*NUMBERS[field.kind])
    scalars = {"string": TEXT, "bytes": st.binary(max_size=8), "bool": st.booleans()}
    return scalars.get(field.kind, st.dictionaries(TEXT, TEXT, max_size=3))


def said(values: Values, fields: Fields) -> Values:
    """Without what is the default, which not all ways of writing keep."""
    found = {}
    for name, value in ((name, _said(value, fields[name])) for name, value in values.items()):
        if value != fields[name].default:
            found[name] = value
    return found


def _said(value: Any, field: Field) -> Any:
    fields = field.kind
    if value is None or isinstance(fields, str | Enum):
        return value
    return [said(one, fields) for one in value] if field.many else said(value, fields)
