"""Builds, readers and writers of lessons at the same time."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from corpus.lesson import read_lesson
from index import store
from index.lock import only_writer
from index.verify import check_files
from rag.assistant import Assistant
from rag.errors import CorpusError
from tests.cheap import CheapAnalyzer, CheapEncoder, bytes_of, cheap_build
from tests.conftest import quiet
from ui.desk import Desk
from ui.feedback import Feedback
from ui.settings import read_settings
from ui.wiring import Live, Parts, open_service

ROOT = Path(__file__).parent.parent.parent
BUILDER = """
import sys
from pathlib import Path
from tests.cheap import cheap_build
for _ in range(int(sys.argv[3])):
    cheap_build(Path(sys.argv[1]), Path(sys.argv[2]), full=True)
"""


FRUITS = {"a": "사과", "b": "수박", "c": "포도"}


def write(corpus: Path, version: int) -> None:
    """Lessons that all tell the version: no index of them may tell two."""
    corpus.mkdir(exist_ok=True)
    for name, fruit in FRUITS.items():
        text = f"# {fruit} 금고\n\n{fruit} 금고의 비밀번호는 {version * 1111}번이다.\n"
        (corpus / f"{name}.md").write_text(text, "utf-8")


def builder(index: Path, corpus: Path, times: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", BUILDER, str(index), str(corpus), str(times)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_builds_at_once_wait_for_each_other(tmp_path: Path) -> None:
    index = tmp_path / "index"
    for version in (1, 2):
        write(tmp_path / str(version), version)
    running = [builder(index, tmp_path / str(version), 25) for version in (1, 2, 1)]
    seen = set()
    while any(process.poll() is None for process in running):
        if (index / "CURRENT").exists():
            found = store.load(index)
            assert found.notice is None
            seen.add(found.manifest.generation)
    for process in running:
        assert process.communicate()[1] == ""
        assert process.returncode == 0
    check_files(index)
    assert len(seen) <= 2
    assert len([path for path in index.iterdir() if path.is_dir()]) == 2


def test_a_build_says_that_it_waits_and_goes_on_when_the_other_dies(tmp_path: Path) -> None:
    index, corpus = tmp_path / "index", tmp_path / "corpus"
    write(corpus, 1)
    index.mkdir()
    holding = "import sys; from index.lock import only_writer; from pathlib import Path\n"
    holding += "with only_writer(Path(sys.argv[1]), print): print(1, flush=True); input()"
    other = subprocess.Popen(
        [sys.executable, "-c", holding, str(index / ".lock")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert other.stdout and other.stdout.readline() == b"1\n"
    stages = []

    def progress(stage: str, done: int, total: int) -> None:
        if stage == "waiting":
            os.kill(other.pid, signal.SIGKILL)
        stages.append(stage)

    from index import build

    lesson = read_lesson(corpus)
    build.build(index, lesson, "cutter", CheapEncoder(), CheapAnalyzer(), progress)
    other.communicate()
    assert stages[0] == "waiting"
    assert stages.count("waiting") == 1
    assert store.load(index).lesson == lesson


def test_the_lock_keeps_one_thread_from_another(tmp_path: Path) -> None:
    inside, most = [0], [0]

    def work(_: int) -> None:
        with only_writer(tmp_path / ".lock", lambda: None):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            time.sleep(0.002)
            inside[0] -= 1

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(12)))
    assert most == [1]


def test_fifty_readers_during_twenty_swaps_never_see_two_versions(tmp_path: Path) -> None:
    index, corpus = tmp_path / "index", tmp_path / "corpus"
    write(corpus, 0)
    cheap_build(index, corpus)
    stop, reads = threading.Event(), []

    def read(_: int) -> None:
        while not stop.is_set():
            found = store.load(index)
            assert found.notice is None
            numbers = {d.text.split("비밀번호는 ")[1] for d in found.lesson.documents}
            assert len(numbers) == 1
            assert {t for row in found.terms for t in row if "번이다" in t} == {
                numbers.pop().strip(" .\n")
            }
            reads.append(found.manifest.generation)
            time.sleep(0.05)

    with ThreadPoolExecutor(50) as pool:
        readers = [pool.submit(read, number) for number in range(50)]
        for version in range(1, 21):
            write(corpus, version)
            assert cheap_build(index, corpus)[1]
        stop.set()
        for reader in readers:
            reader.result()
    assert len(reads) >= 50
    check_files(index)


def test_fifty_students_during_twenty_swaps_get_no_mixed_answer(
    tmp_path: Path, parts: Parts
) -> None:
    corpus = tmp_path / "corpus"
    write(corpus, 1)
    options = {"corpus": str(corpus), "index": str(tmp_path / "index"), "device": "cpu"}
    settings = read_settings(options, {})
    live = Live(open_service(settings, quiet, parts))
    desk = Desk(live, settings, parts, Feedback(tmp_path / "feedback.jsonl"))
    stop, answers = threading.Event(), set()

    def ask(number: int) -> None:
        fruit = FRUITS["abc"[number % 3]]
        while not stop.is_set():
            assistant: Assistant = live.service.assistant
            answer = assistant.ask(f"{fruit} 금고의 비밀번호는 무엇인가요?")
            texts = {d.source: d.text for d in assistant.lesson.documents}
            version = texts["a.md"].split("비밀번호는 ")[1].removesuffix("번이다.\n")
            assert f"{fruit} 금고의 비밀번호는 {version}번이다." in answer.answer
            for citation in answer.citations:
                assert texts[citation.source][citation.start : citation.end] == citation.quote
            answers.add(version)
            time.sleep(1.0)  # a student reads the answer

    with ThreadPoolExecutor(50) as pool:
        students = [pool.submit(ask, number) for number in range(50)]
        for version in range(2, 22):
            write(corpus, version)
            assert desk.rebuild(quiet)
        stop.set()
        for student in students:
            student.result()
    assert live.service.generation == store.load(settings.index).manifest.generation
    last = live.service.assistant.ask("사과 금고의 비밀번호는 무엇인가요?")
    assert "23331번" in last.answer
    assert len(answers) > 1


def test_a_lesson_that_is_written_while_it_is_read(tmp_path: Path) -> None:
    index, corpus = tmp_path / "index", tmp_path / "corpus"
    write(corpus, 1)
    stop = threading.Event()

    def edit() -> None:
        version = 1
        while not stop.is_set():
            version += 1
            write(corpus, version)

    editor = threading.Thread(target=edit)
    editor.start()
    try:
        for _ in range(15):
            try:
                cheap_build(index, corpus)
            except CorpusError as error:  # caught half written: nothing is no lesson
                assert str(error).endswith("is empty; write something into it.")
                continue
            found = check_files(index)
            assert [d.sha256 for d in found.lesson.documents] == [
                hashlib.sha256(d.text.encode()).hexdigest() for d in found.lesson.documents
            ]
    finally:
        stop.set()
        editor.join()
    write(corpus, 7)
    cheap_build(index, corpus)
    cheap_build(tmp_path / "full", corpus)
    assert bytes_of(index) == bytes_of(tmp_path / "full")
