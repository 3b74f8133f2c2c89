"""Coverage-guided fuzzing of what reads an index folder: the manifest, its rows and the vectors.

``pip install atheris``, then ``python -m tests.fuzz.fuzz_index FOLDER -max_total_time=300``
(a folder of inputs, and options of libFuzzer). Anything but the errors that a reader may raise ends
it, and the input is kept.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["index", "rag", "json"]):
    from index.manifest import parse_manifest
    from index.matrix import npy_header, unit_vectors
    from index.rows import read_lesson, read_terms
    from rag.errors import IndexStoreError
    from tests.cheap import bytes_of, cheap_build

_PARTS = 4  # which reader: the first byte of an input


def seeds(folder: Path) -> None:
    """Puts what the readers take for good into a folder that holds nothing yet."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        return
    with tempfile.TemporaryDirectory() as place:
        lesson = Path(place) / "a.md"
        lesson.write_text("# 과일\n\n- 사과\n  - 빨간 사과\n- 배\n", "utf-8")
        cheap_build(Path(place) / "index", lesson)
        good = bytes_of(Path(place) / "index")
    both = good["documents.jsonl"] + b"\n" + good["passages.jsonl"]
    vectors = good["vectors.npy"][:128]
    for kind, data in enumerate((good["manifest.json"], both, good["terms.jsonl"], vectors)):
        (folder / f"good-{kind}").write_bytes(bytes([kind]) + data)


def one_input(data: bytes) -> None:
    kind, rest = data[0] % _PARTS if data else 0, data[1:]
    if kind == 0:
        try:
            manifest = parse_manifest(rest)
        except IndexStoreError:
            return
        assert manifest.to_bytes() == rest
    elif kind == 1:
        documents, _, passages = rest.partition(b"\n\n")
        try:
            lesson = read_lesson(documents + b"\n", passages)
        except (ValueError, TypeError, KeyError):
            return
        for passage in lesson.passages:
            text = lesson.document(passage.source).text
            assert text[passage.start : passage.end] == passage.text
            assert len(lesson.ancestors(passage)) <= 200
            assert passage in set(lesson.subtree(passage))
    elif kind == 2:
        try:
            terms = read_terms(rest)
        except ValueError:
            return
        assert all(isinstance(term, str) for row in terms for term in row)
    else:
        rows = rest[0] if rest else 0
        try:
            vectors = unit_vectors(npy_header(rows, 4) + rest[1:], rows, 4, "vectors.npy")
        except IndexStoreError:
            return
        assert vectors.shape == (rows, 4)


if __name__ == "__main__":
    seeds(Path(sys.argv[1]))
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
