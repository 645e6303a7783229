"""What reading a broken or hostile zip archive may raise."""

from __future__ import annotations

import zipfile
import zlib

try:
    from lzma import LZMAError
except ImportError:  # a Python built without it refuses such parts by NotImplementedError

    class LZMAError(Exception):  # type: ignore[no-redef]
        """Never raised."""


BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,  # a part locked with a password
    ValueError,
)
