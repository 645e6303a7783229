"""Hints on the wording of a recommendation, from published practice."""
