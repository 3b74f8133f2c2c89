"""What surrounds a build and must not matter: clocks, locale, hash seeds, optimised Python."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index import store
from index.verify import check_files
from tests.cheap import bytes_of, cheap_build
from tests.many_lessons import write
from ui.settings import Settings
from ui.watch import signature
from ui.wiring import Service

ROOT = Path(__file__).parent.parent.parent
BUILD = "import sys; from pathlib import Path; from tests.cheap import cheap_build; "
BUILD += "cheap_build(Path(sys.argv[1]), Path(sys.argv[2]))"


@pytest.mark.parametrize(
    ("flags", "environment"),
    [
        (["-O"], {"PYTHONHASHSEED": "0"}),
        (["-OO"], {"PYTHONHASHSEED": "123", "LC_ALL": "C", "PYTHONUTF8": "0"}),
        ([], {"PYTHONHASHSEED": "4294967295", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}),
    ],
)
def test_the_bytes_are_the_same_everywhere(
    tmp_path: Path, flags: list[str], environment: dict[str, str]
) -> None:
    write(tmp_path / "corpus", 3)
    (tmp_path / "corpus" / "한글 이름.md").write_text("# 이름\n\n글.\n", "utf-8")
    cheap_build(tmp_path / "here", tmp_path / "corpus")
    done = subprocess.run(
        [sys.executable, *flags, "-c", BUILD, str(tmp_path / "there"), str(tmp_path / "corpus")],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert bytes_of(tmp_path / "there") == bytes_of(tmp_path / "here")


def test_the_answer_is_the_same_in_another_process(
    service: Service, settings: Settings, tmp_path: Path
) -> None:
    """With the real encoder: optimised, in the C locale, with another hash seed, built anew."""
    question = "DGX Cloud를 제공하는 클라우드 업체를 알려 주세요."
    command = [sys.executable, "-O", "-m", "ui.cli", "ask", question, "--json", "--device", "cpu"]
    done = subprocess.run(
        [*command, "--index", str(tmp_path / "index")],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "C", "PYTHONHASHSEED": "99", "LESSON_QA_LANGUAGE": "en"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    here = service.assistant.ask(question).to_json()
    assert {**answer, "elapsed_ms": 0} == {**here, "elapsed_ms": 0}
    assert bytes_of(tmp_path / "index") == bytes_of(settings.index)


@pytest.mark.parametrize("when", [0, 4_102_444_800])  # 1970 and 2100
def test_a_clock_that_jumps_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: int
) -> None:
    index, corpus = tmp_path / "index", tmp_path / "corpus"
    write(corpus, 2)
    cheap_build(index, corpus)
    write(corpus, 3)
    clock = iter(range(2**40, 0, -(10**9)))
    monkeypatch.setattr(time, "time", lambda: next(clock))  # runs backwards
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    for path in (*index.rglob("*"), *corpus.rglob("*")):
        os.utime(path, (when, when))
    assert cheap_build(index, corpus)[1]
    assert not cheap_build(index, corpus)[1]
    monkeypatch.undo()
    cheap_build(tmp_path / "full", corpus)
    assert bytes_of(index) == bytes_of(tmp_path / "full")
    current, before = (index / "CURRENT").read_text().split()
    (index / current / "terms.jsonl").unlink()
    os.utime(index / before, (when, when))
    assert store.load(index).manifest.generation == before


def test_an_edit_under_an_old_date_is_seen(tmp_path: Path) -> None:
    index, lesson = tmp_path / "index", tmp_path / "a.md"
    lesson.write_text("# 가나다\n", "utf-8")
    os.utime(lesson, (1, 1))
    cheap_build(index, lesson)
    seen = signature(lesson)
    lesson.write_text("# 라마바\n", "utf-8")
    os.utime(lesson, (1, 1))
    assert signature(lesson) != seen
    assert cheap_build(index, lesson)[1]
    assert [p.plain for p in check_files(index).lesson.passages] == ["라마바"]
