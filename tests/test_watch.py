"""``index build --watch``, as a user runs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.verify import check_files
from ui.watch import changes, signature

ROOT = Path(__file__).parent.parent
_LONGEST = 180.0  # seconds; some 12 alone


def test_a_change_is_given_once_it_has_settled(tmp_path: Path) -> None:
    lesson = tmp_path / "a.md"
    lesson.write_text("# 하나\n", "utf-8")
    seen = changes(tmp_path, pause=0.01)
    next(seen)  # the first is the start
    (tmp_path / ".hidden").write_text("no lesson")
    before = signature(tmp_path)
    lesson.write_text("# 둘\n", "utf-8")
    next(seen)
    assert signature(tmp_path) != before
    (tmp_path / "b.md").write_text("# 셋\n", "utf-8")
    next(seen)
    lesson.unlink()
    next(seen)
    assert [entry[0] for entry in signature(tmp_path)] == [str(tmp_path / "b.md")]


def test_a_single_file_is_watched_too_and_may_be_gone(tmp_path: Path) -> None:
    lesson = tmp_path / "a.md"
    assert signature(lesson) == ((str(lesson), 0, 0, 0, 0),)
    lesson.write_text("# 하나\n", "utf-8")
    assert signature(lesson)[0][1] == 9


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.md").write_text("# 과일\n\n사과는 빨갛다.\n", "utf-8")
    options = ["--corpus", str(corpus), "--index", str(tmp_path / "index"), "--device", "cpu"]
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "index", "build", "--watch", *options],
        cwd=ROOT,
        env={**os.environ, "LESSON_QA_LANGUAGE": "en"},
        stderr=subprocess.PIPE,
        text=True,
    )
    late = threading.Timer(_LONGEST, process.kill)  # then the test fails; it must not hang
    late.start()
    yield process
    late.cancel()
    process.kill()
    process.communicate()


def told(process: subprocess.Popen[str], beginning: str) -> str:
    """The next line on stderr that begins so; what comes before it is progress."""
    assert process.stderr
    for line in process.stderr:
        if line.startswith(beginning):
            return line.rstrip("\n")
    raise AssertionError(f"it ended before it said {beginning!r}")


def test_it_builds_again_survives_a_broken_lesson_and_stops(
    watching: subprocess.Popen[str], tmp_path: Path
) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    assert told(watching, "Index built") == f"Index built: 2 passages, 3 vectors ({index})"
    (corpus / "b.md").write_text("# 채소\n", "utf-8")
    assert told(watching, "Index built") == f"Index built: 3 passages, 4 vectors ({index})"
    (corpus / "b.md").write_bytes(b"\xff\xfe\xfa")
    told(watching, "lesson-qa: ")
    assert told(watching, "Index built") == f"Index built: 2 passages, 3 vectors ({index})"
    assert told(watching, "1 lessons read") == "1 lessons read, 1 skipped."
    (corpus / "b.md").write_text("# 채소\n\n무는 희다.\n", "utf-8")
    told(watching, "Index built")
    assert check_files(index).manifest.passages == 4
    watching.send_signal(signal.SIGINT)
    assert told(watching, "No longer") == f"No longer watching: {corpus}"
    assert watching.wait(timeout=60) == 0
