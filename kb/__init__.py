"""A knowledge base of the recommendations that Domestic Homicide Reviews have made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kb.library import KnowledgeBase

__version__ = "0.1.0"
__all__ = ["KnowledgeBase", "__version__"]


def __getattr__(name: str) -> Any:
    """Load the library only when it is asked for, so that ``import kb`` costs nothing."""
    if name == "KnowledgeBase":
        from kb.library import KnowledgeBase

        return KnowledgeBase
    raise AttributeError(f"module 'kb' has no attribute {name!r}")
