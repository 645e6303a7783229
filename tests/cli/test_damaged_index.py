"""A damaged file of a generation, whichever: an answer, or what to do; never a traceback."""

from __future__ import annotations

import random
from pathlib import Path

from bases import kb

COMMANDS = (
    ("search", "genogram ward", "--facets", "--explain"),
    ("show", "fellside-7/1"),
    ("check", "Draw a genogram for each family"),
    ("repeated",),
)


def damaged(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(1 + len(data) // 100):
        changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def test_flipped_bytes_in_any_file_are_no_traceback(home: Path) -> None:
    chance = random.Random(7)
    pointer = (home / "index" / "current").read_text().strip()
    generation = home / "index" / "generations" / pointer
    for path in sorted(path for path in generation.rglob("*") if path.is_file()):
        data = path.read_bytes()
        path.unlink()  # it may have a second name in the generation before
        path.write_bytes(damaged(data, chance) if data else data)
        for command in COMMANDS:
            ran = kb(*command, home=home)
            assert ran.code in {0, 1}
            assert ran.code == 0 or "kb build" in ran.err, (path.name, command, ran.err)
        path.write_bytes(data)
