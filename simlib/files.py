"""Writing files so that nothing is ever half-written.

In: a path. Out: a temporary path beside it that is moved into place once it is whole.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path

from simlib.errors import FileError


@contextlib.contextmanager
def written_safely(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path` and move it there once it is whole.

    Raises
    ------
    FileError
        If the folder is missing or cannot be written to.
    """
    # A plain new file, so that it gets the permissions that files get here.
    temporary = path.with_name(f".{secrets.token_hex(8)}{path.suffix}")
    try:
        temporary.touch(exist_ok=False)
        yield temporary
        temporary.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(f"{path}: cannot be written ({reason})") from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
