"""Results that are kept for those who ask again."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

from kb.index.kept import Kept


def test_the_latest_are_kept_and_the_oldest_goes_first() -> None:
    made: list[int] = []

    def make(key: int) -> int:
        made.append(key)
        return key * key

    kept: Kept[int, int] = Kept(2)
    assert [kept.of(key, make) for key in (1, 2, 1, 3, 2, 1)] == [1, 4, 1, 9, 4, 1]
    assert made == [1, 2, 3, 1]


def test_threads_may_ask_at_once() -> None:
    kept: Kept[int, int] = Kept(3)

    def ask(seed: int) -> bool:
        chance = random.Random(seed)
        keys = [chance.randrange(8) for _ in range(5_000)]
        return all(kept.of(key, lambda known: known * 2) == key * 2 for key in keys)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(8)))
