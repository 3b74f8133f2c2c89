"""A build that is killed, at each of its steps, and after each the power may fail too."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.cheap import cheap_build

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.md").write_text(
        "# 과일\n\n- **사과**: 빨간 과일입니다.\n- **배**: 노란 과일.\n", "utf-8"
    )
    return folder


def grow(index: Path, corpus: Path, name: str) -> None:
    cheap_build(index, corpus)
    (corpus / f"{name}.md").write_text(f"# {name}\n\n{name}은 채소입니다.\n", "utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
@pytest.mark.parametrize(
    ("start", "lost"), [("nothing", "kept"), ("one", "cut"), ("two", "kept"), ("damaged", "cut")]
)
def test_after_every_step_the_index_is_the_old_one_or_the_new(
    tmp_path: Path, corpus: Path, start: str, lost: str
) -> None:
    index = tmp_path / "index"
    if start != "nothing":
        grow(index, corpus, "배추")
    if start in ("two", "damaged"):
        grow(index, corpus, "무")
    if start == "damaged":
        current = index / (index / "CURRENT").read_text().split()[0]
        (current / "vectors.npy").write_bytes(b"")
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.steps", str(index), str(corpus), lost],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, "")
    assert len(rows) > 60
    assert all(row["mended"] for row in rows)
    assert {row["code"] for row in rows[:-1]} == {None}  # each was killed, the last was not
    old = {"nothing": "IndexMissing", "damaged": "old, with a notice"}.get(start, "old")
    found = Counter(row["found"] for row in rows)
    assert set(found) == {old, "new"}
    # The old one until the pointer is switched, the new one from then on.
    assert [row["found"] for row in rows] == [old] * found[old] + ["new"] * found["new"]
    assert {row["generations"] for row in rows} == {1 if start == "nothing" else 2}
