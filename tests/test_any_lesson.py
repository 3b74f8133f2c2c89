"""One folder with a lesson of each format: built, asked and added to as a teacher does it."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.conversion import convert
from corpus.limits import AS_USUAL
from index import store
from index.rows import document_lines, passage_lines
from index.rows import read_lesson as read_stored
from rag.errors import CorpusError, UsageError
from rag.lesson import Document, Lesson, Passage
from tests import documents
from tests.conftest import quiet
from tests.test_cli import run
from ui.desk import Desk
from ui.endpoints import Endpoints
from ui.feedback import Feedback
from ui.page import turn_json
from ui.settings import Settings, read_settings
from ui.terminal import print_answer
from ui.wiring import Live, Parts, Service, open_service

HISTORY = "훈민정음은 1446년에 세상에 펴냈습니다."
PAGE = "<title>물</title><h2>물의 순환</h2><p>바닷물이 증발하여 구름이 됩니다.</p>"
BROKEN = ("망가짐.pdf", "비밀.docx")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of a folder with a lesson of each format and two that are broken."""
    folder = tmp_path_factory.mktemp("any") / "lessons"
    (folder / "더").mkdir(parents=True)
    for name, data in {
        "과일.md": "# 과일\n\n- **사과**: 빨간 과일입니다.\n".encode(),
        "채소.txt": "당근은 주황색 채소입니다.\r\n".encode("cp949"),
        "물.html": PAGE.encode("utf-16"),
        "식물.docx": documents.word(),
        "판.pptx": documents.slides(),
        "더/한글.pdf": documents.printed([[(18, "한글")], [(11, HISTORY)]]),
        "더/변수.ipynb": documents.notebook(("markdown", "# 변수\n변수는 값에 붙인 이름입니다.")),
        BROKEN[0]: b"%PDF-1.7",
        BROKEN[1]: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    }.items():
        (folder / name).write_bytes(data)
    options = {"corpus": str(folder), "index": str(folder.parent / "index"), "device": "cpu"}
    return read_settings(options, {})


@pytest.fixture(scope="module")
def built(settings: Settings) -> list[str]:
    """What ``index build`` says about it."""
    place = ("--corpus", str(settings.corpus), "--index", str(settings.index))
    done = run("index", "build", *place, "--device", "cpu")
    assert (done.returncode, done.stdout) == (0, "")
    return done.stderr.splitlines()


@pytest.fixture(scope="module")
def service(settings: Settings, built: list[str], parts: Parts) -> Service:
    return open_service(settings, quiet, parts)


def test_the_build_tells_what_it_left_out(settings: Settings, built: list[str]) -> None:
    told = [line for line in built if line.startswith("lesson-qa: ")]
    assert told == [
        "lesson-qa: The lesson 망가짐.pdf is damaged, or no PDF file; save it again.",
        "lesson-qa: The lesson 비밀.docx is protected by a password or in the old format; "
        "save it as a Word (.docx) file without one.",
    ]
    assert built[0] == "reading lessons 2/9"
    assert built[-1] == "7 lessons read, 2 skipped."


def test_strict_fails_and_leaves_the_index(settings: Settings, built: list[str]) -> None:
    before = store.current_manifest(settings.index)
    place = ("--corpus", str(settings.corpus), "--index", str(settings.index))
    done = run("index", "build", *place, "--strict", language="ko")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "lesson-qa: 강의 2개를 읽을 수 없습니다. --strict는 하나도 빠뜨리지 않습니다."
    )
    assert store.current_manifest(settings.index) == before
    with pytest.raises(CorpusError) as caught:
        open_service(replace(settings, strict=True), quiet)
    assert str(caught.value) == "2 of the lessons cannot be read, and --strict allows none."


@pytest.mark.parametrize(
    ("question", "source", "quote", "page"),
    [
        ("사과는 무슨 색 과일이에요?", "과일.md", "**사과**: 빨간 과일입니다.", None),
        ("당근은 무슨 색 채소예요?", "채소.txt", "당근은 주황색 채소입니다.", None),
        ("바닷물이 증발하면 무엇이 돼요?", "물.html", "바닷물이 증발하여 구름이 됩니다.", None),
        ("해령은 어디에서 생겨요?", "판.pptx", "해령이 생깁니다 😀", 2),
        ("훈민정음은 언제 펴냈어요?", "더/한글.pdf", HISTORY, 2),
        ("변수가 뭐예요?", "더/변수.ipynb", "변수는 값에 붙인 이름입니다.", None),
        ("광합성의 빛 반응에서 무엇을 만들어요?", "식물.docx", "ATP를 만듭니다", None),
    ],
)
def test_every_format_answers_with_its_words(
    service: Service, question: str, source: str, quote: str, page: int | None
) -> None:
    answer = service.assistant.ask(question)
    assert not answer.abstained
    for citation in answer.citations:
        document = service.assistant.lesson.document(citation.source)
        assert document.text[citation.start : citation.end] == citation.quote
    (cited,) = [c for c in answer.to_json()["citations"] if c["quote"] == quote]
    assert (cited["source"], cited.get("page")) == (source, page)
    assert ("page" in cited) == (page is not None)


def test_pages_are_named_where_there_are_some(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    (slide,) = [
        citation
        for citation in turn_json(service.assistant.ask("해령은 어디에서 생겨요?"), service)[
            "citations"
        ]
        if citation["quote"].startswith("해령이")
    ]
    assert slide["page_name"] == {"ko": "슬라이드 2", "en": "slide 2"}
    assert slide["plain"] == "해령이 생깁니다 😀"
    answer = service.assistant.ask("훈민정음은 언제 펴냈어요?")
    print_answer(answer, "ko", sys.stdout)
    assert "더/한글.pdf, 2쪽 › 한글" in capsys.readouterr().out
    hits = Endpoints(Live(service)).search("훈민정음은 언제 펴냈어요?", 1)
    assert [(hit["source"], hit["page"]) for hit in hits] == [("더/한글.pdf", 2)]
    hits = Endpoints(Live(service)).search("당근은 주황색", 1)
    assert [(hit["source"], "page" in hit) for hit in hits] == [("채소.txt", False)]


def test_opening_converts_nothing_again(
    service: Service, settings: Settings, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.converter._ROOT", settings.index)  # no process starts from there
    for name in BROKEN:
        (settings.corpus / name).rename(settings.corpus / f".{name}")
    try:
        again = open_service(settings, quiet, parts)
    finally:
        for name in BROKEN:
            (settings.corpus / f".{name}").rename(settings.corpus / name)
    assert again.generation == service.generation


def test_a_teacher_adds_documents(service: Service, settings: Settings, parts: Parts) -> None:
    folder = settings.corpus.parent
    desk = Desk(Live(service), settings, parts, Feedback(folder / "feedback.jsonl"))
    good, bad, program = folder / "새.docx", folder / "나쁨.pptx", folder / "새.exe"
    good.write_bytes(documents.word())
    bad.write_bytes(b"PK\x03\x04")
    program.write_bytes(b"MZ")
    before = sorted(settings.corpus.rglob("*"))
    for wrong, sentence in (
        (
            bad,
            "강의 나쁨.pptx이(가) 손상되었거나 PowerPoint (.pptx) 파일이 아닙니다. "
            "다시 저장해 주세요.",
        ),
        (program, "강의 새.exe은(는) 읽을 수 없는 형식입니다."),
    ):
        with pytest.raises(CorpusError) as caught:
            desk.add([good, wrong])
        assert caught.value.korean == sentence
        assert sorted(settings.corpus.rglob("*")) == before
        assert desk.live.service is service
    assert desk.add([good]) == ["새.docx"]
    assert desk.rebuild(quiet)
    assert [d.source for d in desk.live.service.assistant.lesson.documents][-1] == "판.pptx"
    assert "새.docx" in {d.source for d in desk.live.service.assistant.lesson.documents}
    assert len(desk.skipped.errors) == 2


def test_an_index_with_pages_that_do_not_rise_is_refused() -> None:
    passage = Passage("1", "a.pdf", "paragraph", (), None, 0, 1, "글", "글")
    kept = Lesson((Document("a.pdf", "글", "", (0, 0, 1)),), (passage,))
    lines, passages = document_lines(kept), passage_lines(kept)
    assert read_stored(lines, passages) == kept
    for pages in (b"[0, 5, 3]", b'[0, "5"]', b"[null]", b'"12"', b"7"):
        with pytest.raises((TypeError, ValueError)):
            read_stored(lines.replace(b"[0, 0, 1]", pages), passages)


def test_a_page_is_found_from_an_offset() -> None:
    document = Document("a.pdf", "가나다라", "", (0, 0, 2))
    assert [document.page_at(offset) for offset in range(4)] == [2, 2, 3, 3]
    assert Document("a.md", "가", "").page_at(0) is None


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "많이", "1e3", "9" * 20, "١"])
def test_a_limit_is_a_whole_number_above_0(value: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_settings({"max_pages": value}, {})
    assert str(caught.value) == f"max_pages is a whole number above 0, not {value!r}."
    assert caught.value.korean == f"max_pages 값은 0보다 큰 정수여야 합니다: {value!r}."


def test_limits_and_strict_come_from_options_and_environment() -> None:
    found = read_settings(
        {"max_pages": "7"}, {"LESSON_QA_MAX_PAGES": "8", "LESSON_QA_MAX_SECONDS": "9"}
    )
    assert (found.limits.max_pages, found.limits.max_seconds, found.limits.max_file_mb) == (
        7,
        9,
        50,
    )
    assert not found.strict
    for value, strict in (("1", True), ("yes", True), ("0", False), ("no", False), ("", False)):
        assert read_settings({}, {"LESSON_QA_STRICT": value}).strict == strict
    assert read_settings({"strict": "1"}, {}).strict


def test_without_the_converters_the_sentence_names_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, suffix in (("bs4", ".html"), ("pypdfium2", ".pdf"), ("mammoth", ".docx")):
        monkeypatch.setitem(sys.modules, module, None)
        monkeypatch.delitem(sys.modules, f"corpus.{suffix[1:]}_file", raising=False)
        with pytest.raises(CorpusError) as caught:
            convert(b"", suffix, f"a{suffix}", AS_USUAL)
        assert str(caught.value) == (
            f"The lesson a{suffix} needs the readers of documents; "
            "run `pip install 'lesson-qa[documents]'`."
        )
        assert caught.value.korean == (
            f"강의 a{suffix}을(를) 읽으려면 문서 변환기가 필요합니다. "
            "`pip install 'lesson-qa[documents]'`를 실행해 주세요."
        )
