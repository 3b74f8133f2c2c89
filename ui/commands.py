"""What each command of ``lesson-qa`` does; each returns its exit code."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from rag.answer import Answer
from rag.batch import answer_lines
from rag.errors import LessonError, QuestionFileError, UsageError
from rag.question import clean
from ui.desk import Desk
from ui.explain import explain
from ui.feedback import Feedback
from ui.reading import Skipped
from ui.settings import Settings
from ui.terminal import ProgressLine, print_answer
from ui.users import SHORTEST_PASSWORD, Users, user_line
from ui.watch import changes
from ui.wiring import (
    Live,
    build_index,
    index_parts,
    load_parts,
    open_service,
    reader_name,
    verify_index,
)

if TYPE_CHECKING:
    from ui.wiring import Parts


def chat(settings: Settings, options: argparse.Namespace) -> int:
    """Opens the chat page and serves it until it is interrupted."""
    from ui.chat import Access
    from ui.server import serve

    password = os.environ.get("LESSON_QA_ADMIN_PASSWORD", "")
    _check_admin(options, password)
    feedback = Feedback(settings.feedback)
    users = Users(Path(options.auth)) if options.auth else None
    parts = load_parts(settings)
    live = Live(open_service(settings, ProgressLine(settings.language), parts))
    desk = Desk(live, settings, parts, feedback) if options.admin or password else None
    access = Access(users, feedback, desk, password, options.mcp, options.root_path)
    serve(live, access, host=options.host, port=options.port)
    return 0


def _check_admin(options: argparse.Namespace, password: str) -> None:
    if options.admin and not password and options.host not in ("127.0.0.1", "::1", "localhost"):
        raise UsageError(
            "--admin without a password is for this machine alone; leave --host out, "
            "or set LESSON_QA_ADMIN_PASSWORD.",
            "비밀번호 없는 --admin은 이 컴퓨터에서만 쓸 수 있습니다. --host를 빼거나 "
            "LESSON_QA_ADMIN_PASSWORD를 정해 주세요.",
        )
    if password and len(password) < SHORTEST_PASSWORD:
        raise UsageError(
            f"LESSON_QA_ADMIN_PASSWORD has at least {SHORTEST_PASSWORD} characters.",
            f"LESSON_QA_ADMIN_PASSWORD는 {SHORTEST_PASSWORD}자 이상으로 정해 주세요.",
        )


def user(settings: Settings, options: argparse.Namespace) -> int:
    """Prints a line for the user file, from a password that is typed or piped in."""
    asked = "비밀번호: " if settings.language == "ko" else "Password: "
    given = getpass.getpass(asked) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    print(user_line(options.name, given))
    return 0


def ask(settings: Settings, options: argparse.Namespace) -> int:
    """Prints one answer."""
    clean(options.question)  # a question that cannot be asked is told before seconds of loading
    service = open_service(settings, ProgressLine(settings.language))
    assistant = service.assistant.within(options.source)
    answer = assistant.ask(options.question, options.history)
    if options.explain:
        trace = assistant.trace(clean(options.question), options.history)
        for line in explain(assistant, trace, settings.language):
            print(line, file=sys.stderr)
    _tell_notices(service.notices(), settings.language)
    if options.json:
        print(_json(answer.to_json()))
    else:
        print_answer(answer, settings.language, sys.stdout)
    return 0


def batch(settings: Settings, options: argparse.Namespace) -> int:
    """Answers a question file; 1 when a row was broken, after all others were answered."""
    service = open_service(settings, ProgressLine(settings.language))
    broken = done = 0
    with _reading(options.questions) as lines, _writing(options.output) as output:
        for result in answer_lines(service.assistant, lines):
            if isinstance(result, Answer):
                output.write(_json(result.to_json()) + "\n")
                output.flush()
                done += 1
            else:
                broken += 1
                print(f"lesson-qa: {result.sentence(settings.language)}", file=sys.stderr)
    _tell_notices(service.notices(), settings.language)
    print(_summary(done, broken, settings.language), file=sys.stderr)
    return 1 if broken else 0


def evaluate(settings: Settings, options: argparse.Namespace) -> int:
    """Scores a question set; 1 when the gate finds a significant fall."""
    from ui.evaluate import evaluate as run  # ir_measures takes a second to import

    return run(settings, options)


def index_build(settings: Settings, options: argparse.Namespace) -> int:
    """Builds the index when anything changed; with ``--watch`` whenever something does."""
    if not options.watch:
        _build(settings, None, options.full)
        return 0
    try:
        _watch(settings, options.full)
    except KeyboardInterrupt:
        told = "지켜보기를 마칩니다" if settings.language == "ko" else "No longer watching"
        print(f"{told}: {settings.corpus}", file=sys.stderr)
    return 0


def _watch(settings: Settings, full: bool) -> None:
    parts = index_parts(settings)
    for _ in changes(settings.corpus):
        try:
            _build(settings, parts, full)
            full = False
        except LessonError as error:  # a lesson half written, or broken: the next change mends it
            print(f"lesson-qa: {error.sentence(settings.language)}", file=sys.stderr, flush=True)


def _build(settings: Settings, parts: Parts | None, full: bool) -> None:
    skipped = Skipped(settings)
    line = ProgressLine(settings.language)
    manifest, built = build_index(settings, line, parts, full, skipped)
    korean = settings.language == "ko"
    counts = (
        f"단락 {manifest.passages}개, 벡터 {manifest.vectors}개"
        if korean
        else f"{manifest.passages} passages, {manifest.vectors} vectors"
    )
    if built:
        text = "색인을 만들었습니다" if korean else "Index built"
    else:
        text = "바뀐 것이 없어 그대로 둡니다" if korean else "Nothing changed, index kept"
    print(f"{text}: {counts} ({settings.index})", file=sys.stderr, flush=True)
    if summary := skipped.summary(len(manifest.recipe.sources)):
        print(summary, file=sys.stderr, flush=True)


def index_verify(settings: Settings, options: argparse.Namespace) -> int:
    """Checks every file of the index, and that it is of the corpus as it is now."""
    line = ProgressLine(settings.language)
    generation = verify_index(settings, line, every=options.full).generation
    good = "색인이 온전합니다" if settings.language == "ko" else "The index is whole"
    print(f"{good}: {generation} ({settings.index})", file=sys.stderr)
    return 0


def index_info(settings: Settings, options: argparse.Namespace) -> int:
    """Says what the index was built from and which device would search it."""
    from index import store
    from index.device import device_name

    manifest = store.current_manifest(settings.index)
    info: dict[str, Any] = {
        "index": str(settings.index),
        "generation": manifest.generation,
        "encoder": manifest.recipe.encoder,
        "dimension": manifest.recipe.dimension,
        "reranker": reader_name(settings),
        "device": device_name(settings.device),
        "passages": manifest.passages,
        "vectors": manifest.vectors,
        "sources": [source for source, _ in manifest.recipe.sources],
    }
    if options.json:
        print(_json(info))
    else:
        for name, value in info.items():
            print(f"{name:<11}{', '.join(value) if isinstance(value, list) else value}")
    return 0


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _tell_notices(notices: Iterable[LessonError], language: str) -> None:
    for notice in notices:
        print(f"lesson-qa: {notice.sentence(language)}", file=sys.stderr)


def _summary(done: int, broken: int, language: str) -> str:
    if language == "ko":
        return f"질문 {done}개에 답했습니다." + (f" {broken}줄은 건너뛰었습니다." if broken else "")
    return f"{done} questions answered." + (f" {broken} rows skipped." if broken else "")


@contextmanager
def _reading(name: str) -> Iterator[Iterable[str]]:
    try:
        # A byte that is not UTF-8 spoils its own row only: it becomes U+FFFD.
        with Path(name).open(encoding="utf-8-sig", errors="replace", newline="\n") as file:
            yield file
    except OSError as error:
        raise QuestionFileError(
            f"The question file {name} cannot be read: {error.strerror or error}.",
            f"질문 파일 {name}을(를) 읽을 수 없습니다: {error.strerror or error}.",
        ) from error


@contextmanager
def _writing(name: str) -> Iterator[TextIO]:
    """The output file, under another name until it is complete; a stopped run keeps its rows."""
    if name == "-":
        yield sys.stdout
        return
    part = Path(name + ".part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        os.replace(part, name)  # noqa: PTH105 - a plain rename would fail over an old file
    except OSError as error:
        raise QuestionFileError(
            f"The answers cannot be written to {name}: {error.strerror or error}.",
            f"답을 {name}에 쓸 수 없습니다: {error.strerror or error}.",
        ) from error
