"""A knowledge base of the recommendations that Domestic Homicide Reviews have made."""

from __future__ import annotations

__version__ = "0.1.0"
