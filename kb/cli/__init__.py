"""The command line: a thin face on ``kb.library``."""

from __future__ import annotations

from kb.cli.main import main

__all__ = ["main"]
