"""The command line as a user runs it: another process, its streams and its exit code."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.lesson import DEFAULT_CORPUS
from tests.conftest import quiet
from ui.endpoints import Endpoints
from ui.settings import Settings, read_settings
from ui.wiring import Live, build_index, open_service

ROOT = Path(__file__).parent.parent
KEYS = ["id", "question", "answer", "abstained", "citations", "generator", "elapsed_ms"]


def run(
    *arguments: str, offline: bool = False, language: str = "en", stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ui.cli", *arguments]
    if offline:
        command = ["unshare", "-rn", *command]
    environment = {**os.environ, "LESSON_QA_LANGUAGE": language, "PYTHONWARNINGS": "error"}
    environment.pop("LANG", None)
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def index(service: object, settings: Settings) -> str:
    return str(settings.index)


def test_ask_json(index: str) -> None:
    question = "DGX Cloud를 제공하는 클라우드 업체를 알려 주세요."
    done = run("ask", question, "--json", "--index", index)
    assert done.returncode == 0
    answer = json.loads(done.stdout)
    assert list(answer) == KEYS
    assert answer["question"] == question
    assert not answer["abstained"]
    for name in ("Oracle", "Azure", "Google"):
        assert name in answer["answer"]
    text = DEFAULT_CORPUS.read_bytes().decode("utf-8")
    for citation in answer["citations"]:
        assert text[citation["start"] : citation["end"]] == citation["quote"]
        assert f"[{citation['number']}]" in answer["answer"]
    assert any(
        c["quote"].startswith("**여러 퍼블릭 클라우드에서 호스팅**: Oracle Cloud")
        for c in answer["citations"]
    )


def test_ask_in_a_pipe_is_plain(index: str) -> None:
    done = run("ask", "NGC가 뭐예요?", "--index", index, language="ko")
    assert done.returncode == 0
    assert "\033" not in done.stdout
    assert "근거" in done.stdout
    assert "[1] lesson-12.6-nvidia-cloud-solutions.md › Lesson 12.6" in done.stdout


def test_it_answers_with_the_network_unreachable(index: str) -> None:
    if not shutil.which("unshare") or run("--help", offline=True).returncode:
        pytest.skip("no network namespaces here (unshare -rn)")
    done = run(
        "ask", "DGX Cloud는 어디에서 호스팅되나요?", "--json", "--index", index, offline=True
    )
    assert done.returncode == 0, done.stderr
    assert "Oracle" in json.loads(done.stdout)["answer"]


def test_batch_answers_in_order_and_reports_broken_rows(index: str, tmp_path: Path) -> None:
    rows = [
        '{"id": "q1", "question": "NGC가 뭐예요?"}',
        "{broken",
        '{"question": "누가 관리해요?", "history": [{"question": "DGX Cloud가 뭐예요?"}]}',
        "",
        '{"id": "q4", "question": "  "}',
        '{"id": "q5", "question": "오늘 점심 뭐 먹을까요?"}',
    ]
    questions, output = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    questions.write_text("\n".join(rows), "utf-8")
    done = run("batch", str(questions), "--output", str(output), "--index", index)
    answers = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    assert [answer["id"] for answer in answers] == ["q1", "3", "q5"]
    assert [answer["abstained"] for answer in answers] == [False, False, True]
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "lesson-qa: Line 2 is skipped: it is not JSON.",
        "lesson-qa: Line 5: The question is empty; type a question about the lesson.",
        "3 questions answered. 2 rows skipped.",
    ]


def test_index_build_verify_and_info(small_lesson: Path, tmp_path: Path) -> None:
    place = ("--corpus", str(small_lesson), "--index", str(tmp_path / "index"))
    missing = run("index", "verify", *place)
    assert missing.returncode == 1
    assert missing.stderr == (
        f"lesson-qa: There is no index in {tmp_path / 'index'}; run `lesson-qa index build`.\n"
    )
    built = run("index", "build", *place)
    assert (built.returncode, built.stdout) == (0, "")
    assert re.search(r"^encoding (\d+)/\1$", built.stderr, re.MULTILINE)
    assert f"Index built: 3 passages, 4 vectors ({tmp_path / 'index'})" in built.stderr
    again = run("index", "build", *place)
    assert again.stderr.startswith("Nothing changed, index kept: 3 passages")
    assert run("index", "verify", *place).returncode == 0
    current = (tmp_path / "index" / "CURRENT").read_text().split()[0]
    (tmp_path / "index" / current / "words.npy").write_bytes(b"")
    damaged = run("index", "verify", *place)
    assert (damaged.returncode, damaged.stderr) == (
        1,
        "lesson-qa: The index file words.npy is missing or damaged; "
        "run `lesson-qa index build` to make it again.\n",
    )
    assert "Index built: 3 passages" in run("index", "build", *place, "--full").stderr
    info = json.loads(run("index", "info", *place, "--json", "--device", "cpu").stdout)
    assert info["device"] == "CPU"
    assert info["sources"] == ["small.md"]
    small_lesson.write_text("# 바뀐 글\n", "utf-8")
    for command in (["index", "verify"], ["ask", "사과"]):
        stale = run(*command, *place)
        assert stale.returncode == 1
        assert stale.stderr == (
            "lesson-qa: The lesson has changed since the index was built; "
            "run `lesson-qa index build`.\n"
        )


def test_a_damaged_index_is_told_and_the_one_before_answers(
    small_lesson: Path, tmp_path: Path
) -> None:
    settings = read_settings(
        {"corpus": str(small_lesson), "index": str(tmp_path / "index"), "device": "cpu"}, {}
    )
    for text in ("", "- **감**: 주황색 과일입니다.\n"):
        small_lesson.write_text(small_lesson.read_text("utf-8") + text, "utf-8")
        build_index(settings, quiet)
    current, before = (settings.index / "CURRENT").read_text().split()
    (settings.index / current / "passages.jsonl").write_bytes(b"")
    place = ("--corpus", str(settings.corpus), "--index", str(settings.index))
    done = run("ask", "사과는 어떤 과일이에요?", "--json", *place)
    assert done.returncode == 0
    assert done.stderr == (
        "lesson-qa: The index is damaged, so the one before it answers, which may lack the latest "
        "changes; run `lesson-qa index build` to make it again.\n"
    )
    assert "빨간 과일입니다" in json.loads(done.stdout)["answer"]
    service = open_service(settings, quiet)
    assert service.generation == before
    notice = service.notices()[0]
    turn = Endpoints(Live(service)).turn("사과는 어떤 과일이에요?", [], [])
    assert "빨간 과일입니다" in turn["answer"]["answer"]
    assert turn["notices"] == [{"ko": notice.korean, "en": str(notice)}]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["ask", " "], 1, "The question is empty; type a question about the lesson."),
        (["ask", "가" * 2001], 1, "The question has 2,001 characters; the most is 2,000."),
        (
            ["ask", "x", "--corpus", "/nowhere.md"],
            1,
            "The lesson /nowhere.md cannot be read: no such file.",
        ),
        (
            ["ask", "x", "--device", "tpu"],
            2,
            "There is no device 'tpu'; choose one of auto, cpu, cuda.",
        ),
        (
            ["batch", "/nowhere.jsonl", "--output", "-"],
            1,
            "The question file /nowhere.jsonl cannot be read: No such file or directory.",
        ),
    ],
)
def test_failures_are_one_sentence(
    arguments: list[str], code: int, sentence: str, index: str
) -> None:
    done = run(*arguments, "--index", index)
    assert done.returncode == code
    assert done.stdout == ""
    assert done.stderr == f"lesson-qa: {sentence}\n"


def test_a_lone_surrogate_is_told(index: str) -> None:
    done = run("ask", "질문 \udce9", "--index", index, language="ko")
    assert done.returncode == 1
    assert done.stderr == "lesson-qa: 질문에 깨진 글자가 있어요. 다시 입력해 주세요.\n"


def test_wrong_usage_is_two() -> None:
    assert run("fly").returncode == 2
    assert run("ask").returncode == 2


def test_help_is_light_and_names_every_command() -> None:
    done = run("--help")
    assert done.returncode == 0
    for word in ("chat", "ask", "batch", "index", "LESSON_QA_CORPUS", "exit codes"):
        assert word in done.stdout
