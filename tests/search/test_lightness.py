"""What a search must not load: a person waits for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from engines import index_entries
from factories import make_entry

CODE = """
import sys
from pathlib import Path
from kb.index.records import Records
from kb.search.engines import open_engine
from kb.search.query import parse
folder = Path(sys.argv[1])
assert open_engine("arrays", folder, Records.open(folder)).search(parse("genogram")).hits
heavy = ("yaml", "sklearn", "scipy", "rich", "docx", "pydantic", "pandas", "whoosh")
print([name for name in heavy if name in sys.modules])
"""


def test_searching_loads_nothing_heavy(tmp_path: Path) -> None:
    folder = str(index_entries(tmp_path, [make_entry("Draw a genogram.")]))
    done = subprocess.run(
        [sys.executable, "-c", CODE, folder], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
