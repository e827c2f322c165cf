from moderator.client.backoff import Backoff


def test_the_limit_doubles_from_half_a_second_to_fifteen() -> None:
    backoff = Backoff(jitter=lambda: 1.0)
    assert [backoff.next_s() for _ in range(8)] == [0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0, 15.0]


def test_jitter_is_full() -> None:
    jitter = iter([0.0, 0.5, 0.999])
    backoff = Backoff(jitter=lambda: next(jitter))
    assert [backoff.next_s() for _ in range(3)] == [0.0, 0.5, 1.998]


def test_after_a_success_it_begins_anew() -> None:
    backoff = Backoff(jitter=lambda: 1.0)
    for _ in range(5):
        backoff.next_s()
    backoff.reset()
    assert backoff.next_s() == 0.5


def test_by_itself_it_is_random() -> None:
    assert len({Backoff().next_s() for _ in range(10)}) > 1
