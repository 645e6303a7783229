"""The JSON API under ``/api/v1``: the names of DESIGN.md, described by an OpenAPI document."""
