"""``python -m kb`` is the command ``kb``."""

from __future__ import annotations

from kb.cli import main

if __name__ == "__main__":
    main()
