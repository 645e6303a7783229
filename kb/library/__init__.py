"""The knowledge base as one object, and what it is made from."""

from __future__ import annotations

from kb.library.base import KnowledgeBase

__all__ = ["KnowledgeBase"]
