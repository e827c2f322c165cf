"""What the stream delivers gets into the copy, also where it is odd."""

import pytest

from moderator.journal.jetstream.envelopes import REF_BYTES, seal, unseal
from moderator.journal.jetstream.log import NatsLog
from moderator.journal.stored import Stored
from tests.journal.reading import an_arrival, everything
from tests.journal.streams import Gateways, caught_up, leaves_of

pytestmark = pytest.mark.nats


async def stored_twice(log: NatsLog, seq: int) -> None:
    """An entry that two servers took, one after the other: the texts of the second are taken out, nobody needs them."""
    message = await log._connection.streams.get_msg(log._names.log, seq)
    envelope = unseal(message.data or b"")
    again = seal(Stored(envelope.body, bytes(len(envelope.salt)), ()), bytes([7]) * REF_BYTES)
    await log._connection.streams.publish(log._names.entry, again)


async def test_an_entry_that_is_there_twice_needs_the_texts_of_the_first_only(gateways: Gateways) -> None:
    one, other = await gateways.open(0), await gateways.open(1)
    first = await one.append(an_arrival(1))
    await stored_twice(one, first)
    last = await one.append(an_arrival(2))
    assert last == first + 2
    newcomer = await gateways.open(2)
    await caught_up(one, other, newcomer)
    for log in (one, other, newcomer):
        assert [entry.seq for entry in await everything(log)] == [first, last]
    assert leaves_of(gateways.copy(0)) == leaves_of(gateways.copy(1)) == leaves_of(gateways.copy(2))
