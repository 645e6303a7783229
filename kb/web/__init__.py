"""The web pages and the JSON API: a thin face on ``kb.library``, started by ``kb serve``."""

from __future__ import annotations

from kb.web.serving import Serving

__all__ = ["Serving"]
