"""Folders with lessons that cannot be read, limits, and files made to do harm."""

from __future__ import annotations

import io
import os
import unicodedata
import warnings
import zipfile
import zlib
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.conversion import convert
from corpus.lesson import read_lesson
from corpus.limits import Limits
from corpus.markdown import cut
from corpus.source import Reading, read_corpus
from rag.errors import CorpusError
from rag.lesson import Document, Lesson
from tests import documents

GOOD = "# 좋은 강의\n\n- 사과는 과일입니다.\n"


def told(folder: Path, limits: Limits | None = None) -> tuple[list[str], list[str]]:
    """The sources that are read of a folder, and the sentences about the others."""
    errors: list[CorpusError] = []
    found = read_corpus(folder, Reading(limits or Limits(), skip=errors.append))
    return [document.source for document in found], [str(error) for error in errors]


def refused(folder: Path, name: str, data: bytes, limits: Limits | None = None) -> str:
    """The sentence about a file that stands beside a good one, which must be read all the same."""
    (folder / name).write_bytes(data)
    (folder / "good.md").write_text(GOOD, "utf-8")
    (folder / "last.ipynb").write_bytes(documents.notebook(("markdown", "끝")))
    sources, sentences = told(folder, limits)
    assert sources == ["good.md", "last.ipynb"]
    (sentence,) = sentences
    return sentence


def test_a_folder_is_read_without_its_broken_files(tmp_path: Path) -> None:
    (tmp_path / "안").mkdir()
    (tmp_path / "안" / "깨짐.pdf").write_bytes(b"%PDF-1.7 broken")
    (tmp_path / "안" / unicodedata.normalize("NFD", "가.md")).write_bytes(GOOD.encode())
    (tmp_path / "나.txt").write_bytes("글자".encode("cp949"))
    (tmp_path / "다.md").write_bytes(b"\xff\x00\x12")
    (tmp_path / "라.md").write_bytes(b"")
    (tmp_path / "마.hwp").write_bytes(b"x")
    (tmp_path / "~$마.docx").write_bytes(b"x")
    (tmp_path / "바.docx").mkdir()
    (tmp_path / "z.md").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop.md").symlink_to(tmp_path / "loop.md")
    os.mkfifo(tmp_path / "pipe.md")
    assert told(tmp_path) == (
        ["나.txt", f"안/{unicodedata.normalize('NFD', '가.md')}"],
        [
            "The lesson loop.md cannot be read: Too many levels of symbolic links.",
            "The lesson pipe.md cannot be read: no such file.",
            "The lesson z.md cannot be read: No such file or directory.",
            "The lesson 다.md is not text in UTF-8, UTF-16 or CP949; save it as UTF-8.",
            "The lesson 라.md is empty; write something into it.",
            "The lesson 마.hwp is in a format that cannot be read; save it as PDF or .docx.",
            "The lesson 안/깨짐.pdf is damaged, or no PDF file; save it again.",
        ],
    )


def test_without_skipping_the_first_broken_file_is_raised(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"")
    (tmp_path / "b.md").write_text(GOOD, "utf-8")
    with pytest.raises(CorpusError) as caught:
        read_lesson(tmp_path)
    assert str(caught.value) == "The lesson a.md is empty; write something into it."


def test_when_none_can_be_read_that_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"")
    errors: list[CorpusError] = []
    with pytest.raises(CorpusError) as caught:
        read_corpus(tmp_path, Reading(skip=errors.append))
    assert len(errors) == 1
    assert str(caught.value) == f"None of the lessons in {tmp_path} can be read."
    assert caught.value.korean == f"{tmp_path} 폴더의 강의를 하나도 읽을 수 없습니다."


def test_links_do_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text(GOOD, "utf-8")
    folder = tmp_path / "lessons"
    folder.mkdir()
    (folder / "a.md").write_text(GOOD, "utf-8")
    (folder / "b.md").symlink_to(folder / "a.md")
    (folder / "c.md").symlink_to(tmp_path / "secret.md")
    (folder / "d").symlink_to(tmp_path)
    assert told(folder) == (
        ["a.md", "b.md"],
        ["The lesson c.md is a link that leads out of the folder; copy the file into it."],
    )


def test_a_name_that_cannot_be_shown_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(GOOD, "utf-8")
    (tmp_path / "b\x1b[2J.md").write_text(GOOD, "utf-8")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.md")).write_text(GOOD, "utf-8")
    assert told(tmp_path) == (
        [r"\xff.md", "a.md"],
        [r"The name of the lesson b\x1b[2J.md holds broken characters; rename it."],
    )


def test_what_is_known_is_not_read_again(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(documents.word())
    (tmp_path / "b.md").write_text(GOOD, "utf-8")
    first = read_corpus(tmp_path)
    done: list[tuple[int, int]] = []
    marked = tuple(Document(d.source, f"{d.text} 표시", d.sha256) for d in first)
    again = read_corpus(tmp_path, Reading(known=lambda: marked, progress=lambda *p: done.append(p)))
    assert again == (marked[0], first[1])  # text is quick to read, and always read
    (tmp_path / "a.docx").write_bytes(documents.word() + b" ")
    assert read_corpus(tmp_path, Reading(known=lambda: marked))[0].text == first[0].text
    assert done == [(1, 2)]


def test_progress_counts_every_file(tmp_path: Path) -> None:
    for name in ("a.ipynb", "c.ipynb"):
        (tmp_path / name).write_bytes(documents.notebook(("markdown", "글")))
    (tmp_path / "b.md").write_text(GOOD, "utf-8")
    done: list[tuple[int, int]] = []
    read_corpus(tmp_path, Reading(progress=lambda *place: done.append(place)))
    assert done == [(1, 3), (3, 3)]


# --- Limits ------------------------------------------------------------------------------------


def packed(data: bytes, **parts: bytes) -> bytes:
    """The archive with these parts, "_" for "/" and "." in names, in place of or beside its own."""
    names = {"document": "word/document.xml", "slide": "ppt/slides/slide2.xml"}
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        changed = {names.get(name, name): content for name, content in parts.items()}
        for name in old.namelist():
            if name not in changed:
                new.writestr(name, old.read(name))
        for name, content in changed.items():
            new.writestr(name, content)
    return buffer.getvalue()


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word(body: str, doctype: str = "") -> bytes:
    document = f'{doctype}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    return packed(documents.word(), document=document.encode())


ITSELF = b"/X Do"


def pdf(content: bytes, more: bytes = b"", kids: bytes = b"3 0 R", count: int = 1) -> bytes:
    """A PDF written by hand, of one page with this content."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, count),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        b"/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>",
        b"<</Length %d%b>>stream\n%b\nendstream" % (len(content), more, content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"null",
    ]
    if content == ITSELF:  # a drawing that draws itself, twice each time
        objects[-1] = (
            b"<</Length 11/Type/XObject/Subtype/Form/BBox[0 0 9 9]"
            b"/Resources<</XObject<</X 6 0 R>>>>>>stream\n/X Do /X Do\nendstream"
        )
    written, places = b"%PDF-1.7\n", []
    for number, item in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return written + (
        b"xref\n0 7\n0000000000 65535 f \n%btrailer<</Size 7/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (table, len(written))
    )


HELLO = b"BT /F 12 Tf 50 700 Td (Hello world) Tj ET\n"
MANY_PAGES = b"3 0 R " * 30
ENTITIES = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi"))  # noqa: B905
BOMB = f'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">{ENTITIES}]>'
OUTSIDE = '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
ENTITY = "<w:p><w:r><w:t>before {} after</w:t></w:r></w:p>"
TABLES = "<w:tbl><w:tr><w:tc>" * 200 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 200
UNPACKED = "unpacks to more than 1 MB; save it without large media."
DEEP = "is nested more than 100 levels deep; make it flatter."
DAMAGED = "is damaged, or no {} file; save it again."


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.md", b"x" * 1_000_001, "is larger than 1 MB; split it."),
        ("a.ipynb", b"x" * 2_000_001, "is larger than 2 MB; split it."),
        ("a.html", "가".encode() * 600_000, "is larger than 1 MB; split it."),
        ("a.docx", packed(documents.word(), x=bytes(1_500_000)), UNPACKED),
        ("a.pptx", packed(documents.slides(), x=bytes(1_500_000)), UNPACKED),
        (
            "a.pdf",
            pdf(HELLO, kids=MANY_PAGES, count=30),
            "has 30 pages, and the most is 20; split it.",
        ),
        ("a.html", b"<div>" * 500 + b"x", DEEP),
        ("a.html", b"<b>" * 50_000 + b"x", DEEP),
        ("a.docx", word(TABLES), DEEP),
        ("a.ipynb", b'{"cells":' * 1_000, DEEP),
        ("a.ipynb", b"[" * 1_500_000, DEEP),
        ("a.docx", word(ENTITY.format("&i;"), BOMB), DAMAGED.format("Word (.docx)")),
        ("a.pdf", b"<</A " * 100_000, DAMAGED.format("PDF")),
        (
            "a.ipynb",
            b'{"cells":[],"a":' + b"9" * 100_000 + b"}",
            DAMAGED.format("Jupyter (.ipynb)"),
        ),
        ("a.ipynb", b'"' + b'\\"' * 500_000, DAMAGED.format("Jupyter (.ipynb)")),
        ("a.pdf", pdf(ITSELF), "needs more than 500 MB of memory to read; split it."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_over_a_limit_costs_itself_alone(
    tmp_path: Path, name: str, data: bytes, sentence: str
) -> None:
    limits = Limits(
        max_file_mb=2, max_text_mb=1, max_unpacked_mb=1, max_pages=20, max_memory_mb=500
    )
    assert refused(tmp_path, name, data, limits) == f"The lesson {name} {sentence}"


def test_a_stream_that_grows_costs_its_file_alone(tmp_path: Path) -> None:
    bomb = pdf(zlib.compress(bytes(450_000_000), 1), b"/Filter/FlateDecode")
    assert refused(tmp_path, "a.pdf", bomb, Limits(max_memory_mb=400)) == (
        "The lesson a.pdf needs more than 400 MB of memory to read; split it."
    )


@pytest.mark.parametrize("name", ["a.md", "a.html", "a.ipynb"])
def test_a_file_that_takes_too_long_costs_itself_alone(tmp_path: Path, name: str) -> None:
    slow = "![" * 2_000_000  # hours for a Markdown parser
    data = {
        "a.md": slow.encode(),
        "a.html": b"<table>" + b"<tr><td>a<td>b" * 400_000,
        "a.ipynb": documents.notebook(("markdown", slow)),
    }[name]
    sentence = refused(tmp_path, name, data, Limits(max_seconds=1))
    assert sentence == f"The lesson {name} takes longer than 1 seconds to read; split it."


def test_a_part_that_lies_about_its_size_is_found(tmp_path: Path) -> None:
    data = bytearray(packed(documents.word(), x=bytes(1_500_000)))
    size = (1_500_000).to_bytes(4, "little")
    while (place := data.find(size)) >= 0:
        data[place : place + 4] = (10).to_bytes(4, "little")
    assert refused(tmp_path, "a.docx", bytes(data)) == (
        "The lesson a.docx is damaged, or no Word (.docx) file; save it again."
    )


@pytest.mark.parametrize("kind", ["docx", "pptx"])
def test_entities_from_outside_are_not_read(tmp_path: Path, kind: str) -> None:
    data = word(ENTITY.format("&a;"), OUTSIDE)
    if kind == "pptx":
        with zipfile.ZipFile(io.BytesIO(documents.slides())) as archive:
            slide = archive.read("ppt/slides/slide2.xml").decode()
        start = slide.index("<p:sld ")
        slide = slide[:start] + OUTSIDE + slide[start:].replace("두 판이", "before &a; after")
        data = packed(documents.slides(), slide=slide.encode())
    (tmp_path / f"a.{kind}").write_bytes(data)
    (document,) = read_corpus(tmp_path / f"a.{kind}")
    assert "before" in document.text
    assert "root:" not in document.text


def test_archives_inside_archives_stay_closed(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(packed(documents.word(), inner=documents.word()))
    (tmp_path / "b.docx").write_bytes(documents.word())
    first, second = read_corpus(tmp_path)
    assert first.text == second.text


def test_one_long_heading_does_not_fill_the_index() -> None:
    text = f"# {'가' * 100_000}\n\n- 하나\n- 둘\n"
    found = cut(Document("a.md", text, ""))
    assert [len(passage.plain) for passage in found] == [100_000, 2, 1]
    assert [passage.heading for passage in found] == [(), ("가" * 500,), ("가" * 500,)]


def test_open_comments_hide_the_rest_and_are_quick() -> None:
    for opening in ("<!-- ", "<? ", "<!A "):
        text = f"앞의 말\n\n{opening * 200_000}뒤의 말\n"
        assert [p.plain for p in cut(Document("a.md", text, ""))] == ["앞의 말"]


def test_a_nul_is_no_word() -> None:
    text = "# 빵\0집\n\n- 하나\0\n"
    assert [(p.text, p.plain) for p in cut(Document("a.md", text, ""))] == [
        ("빵\0집", "빵\ufffd집"),
        ("하나\0", "하나\ufffd"),
    ]


# --- Any bytes, any text -----------------------------------------------------------------------

_PIECES = st.sampled_from(
    [
        *"#-*>|`~[]()!<>&;:\\\n\r\t \0\ufeff\u2028가ᄒ̈é😀1.",
        "\n\n",
        "```",
        "---",
        "1. ",
        "- ",
        "  ",
        "<!--",
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=80).map("".join)),
    st.sampled_from(["a.md", "a.txt"]),
)
def test_any_text_is_cut_into_passages_that_hold(text: str, name: str) -> None:
    document = Document(name, text, "")
    found = cut(document)
    assert found == cut(document)
    Lesson((document,), found)  # ids are unique
    for before, passage in pairwise(found):
        assert before.start <= passage.start
    for passage in found:
        assert text[passage.start : passage.end] == passage.text != ""


_SEEDS = {
    ".md": GOOD.encode(),
    ".txt": GOOD.encode("cp949"),
    ".html": b"<!doctype html><table><tr><td>a<td rowspan=2>b</table><p>\xea\xb0\x80",
    ".pdf": pdf(HELLO),
    ".docx": documents.word(),
    ".pptx": documents.slides(),
    ".ipynb": documents.notebook(("markdown", "# 글"), ("code", "x")),
}


@st.composite
def damaged_files(draw: st.DrawFn) -> tuple[str, bytes]:
    """A kind of file, and bytes: any, or a good file's with some changed, taken out or put in."""
    suffix = draw(st.sampled_from(sorted(_SEEDS)))
    if draw(st.booleans()):
        return suffix, draw(st.binary(max_size=400))
    data = bytearray(_SEEDS[suffix])
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, max(len(data) - 1, 0)))
        end = start + draw(st.integers(0, 30))
        data[start:end] = draw(st.binary(max_size=30))
    return suffix, bytes(data)


@settings(max_examples=250, deadline=None)
@given(damaged_files())
def test_any_bytes_are_a_document_or_a_sentence(file: tuple[str, bytes]) -> None:
    suffix, data = file
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            converted = convert(data, suffix, f"a{suffix}", Limits())
    except CorpusError as error:
        assert str(error).startswith(f"The lesson a{suffix} ")
        assert error.korean.startswith(f"강의 a{suffix}")
    else:
        assert list(converted.pages) == sorted(converted.pages)
        converted.text.encode()  # whole characters only


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([".md", ".txt"]))
def test_any_bytes_as_text_file(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    path.write_bytes(data)
    try:
        (document,) = read_corpus(path)
    except CorpusError:
        return
    readings = set()
    for encoding in ("utf-8", "utf-16", "cp949"):
        with suppress(UnicodeDecodeError):
            readings.add(data.decode(encoding))
    assert document.text in readings
