"""Where an installed package keeps its files, without running any of its code."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from rag.errors import EncoderError


def package_folder(package: str, missing: tuple[str, str]) -> Path:
    """The folder of ``package``, which is not imported.

    Raises EncoderError with ``missing``, in English and Korean, when it is not installed.
    """
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise EncoderError(*missing)
    return Path(spec.origin).parent
