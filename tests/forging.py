"""An index made by hand: other contents under hashes, a manifest and a pointer that fit them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from index.generation import read_manifest
from index.manifest import Manifest, generation_name, record
from index.pointer import Pointer, read_pointer, write_pointer


def forge(index: Path, contents: Mapping[str, bytes], manifest: Manifest | None = None) -> str:
    """Puts ``contents`` into the current generation; its hashes are right. Returns its new name."""
    pointer = read_pointer(index)
    old = index / pointer.current
    manifest = manifest or read_manifest(old)
    for name, data in contents.items():
        (old / name).write_bytes(data)
    records = {name: record(data) for name, data in contents.items()}
    return forge_manifest(index, replace(manifest, files={**manifest.files, **records}).to_bytes())


def forge_manifest(index: Path, manifest: bytes) -> str:
    """Makes ``manifest`` that of the current generation, which is named after it."""
    pointer = read_pointer(index)
    name = generation_name(manifest)
    (index / pointer.current / "manifest.json").write_bytes(manifest)
    (index / pointer.current).rename(index / name)
    write_pointer(index, Pointer(name, pointer.previous))
    return name
