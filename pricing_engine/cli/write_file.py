"""What a command writes into a file, or to stdout for `-`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from pricing_engine.cli.outcome import failed

STDOUT: Final = "-"


def write_file(content: bytes, out: str) -> None:
    """Write the file, over what was there.

    Raises: CommandStopped where it cannot be.
    """
    if out == STDOUT:
        sys.stdout.buffer.write(content)
        return
    try:
        Path(out).write_bytes(content)
    except OSError as error:
        raise failed(
            f"{out} cannot be written: {error.strerror}", fix="name a file in a directory that is there"
        ) from None
