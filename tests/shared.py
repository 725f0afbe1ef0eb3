"""Where the vectors, hostile inputs and public data beside this repository are; a test needing absent ones skips."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[1].parent / "shared"


def shared_path(*parts: str) -> Path:
    """The path of a file or folder under `shared/`; skips the calling test (or module) when it is not there."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{path} is absent: clone beside the shared folder to run this test", allow_module_level=True)
    return path
