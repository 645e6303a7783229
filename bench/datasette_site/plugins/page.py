"""What a canned query's page needs of Datasette: its cell read, temporary tables in memory."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from datasette import hookimpl


@hookimpl  # type: ignore[untyped-decorator]
def prepare_jinja2_environment(env: Any) -> None:
    env.filters["read"] = json.loads


@hookimpl  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection) -> None:
    conn.execute("PRAGMA temp_store = MEMORY")
