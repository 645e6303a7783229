"""Print the groups of `kb repeated --json`, read from standard input, in a few lines each."""

from __future__ import annotations

import json
import sys

for number, group in enumerate(json.load(sys.stdin)["groups"], start=1):
    areas = ", ".join(group["areas"])
    print(f"{number}. {group['history']} ({areas})")
    print(f"   {group['wording']}")
    for note in group["notes"][1:]:
        print(f"   ! {note}")
