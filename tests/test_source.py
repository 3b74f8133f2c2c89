from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from corpus.files import read_bytes
from corpus.lesson import read_lesson
from corpus.source import read_corpus
from rag.errors import CorpusError

# A regular file whose size, 0, never is what is read of it: as if it were just being written.
UNSETTLED = Path("/proc/self/status")
TEXT = "# 제목\r\n\r\n한국어 강의입니다. 😀\n"


def write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def failure(path: Path) -> CorpusError:
    with pytest.raises(CorpusError) as caught:
        read_lesson(path)
    assert type(caught.value) is CorpusError
    return caught.value


def test_the_text_is_kept_as_it_is(tmp_path: Path) -> None:
    data = "\ufeffe\u0301 \u1112\u1161\u11ab\r\n".encode()
    (document,) = read_corpus(write(tmp_path / "a.md", data))
    assert document.text == data.decode()
    assert document.source == "a.md"
    assert document.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_unicode_encodings_are_recognised(tmp_path: Path, encoding: str) -> None:
    (document,) = read_corpus(write(tmp_path / "a.md", TEXT.encode(encoding)))
    assert document.text.removeprefix("\ufeff") == TEXT


def test_cp949_is_recognised(tmp_path: Path) -> None:
    text = "# 제목\n\n똠방각하와 한국어 강의입니다.\n"
    (document,) = read_corpus(write(tmp_path / "a.md", text.encode("cp949")))
    assert document.text == text


@pytest.mark.parametrize("data", [b"\x00\x01\x02binary", b"caf\xe9 au lait", bytes(range(256))])
def test_what_is_not_text_is_refused(tmp_path: Path, data: bytes) -> None:
    error = failure(write(tmp_path / "a.md", data))
    assert str(error) == "The lesson a.md is not text in UTF-8, UTF-16 or CP949; save it as UTF-8."
    assert error.korean == (
        "강의 a.md은(는) UTF-8, UTF-16, CP949 텍스트가 아닙니다. UTF-8로 저장해 주세요."
    )


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", "\ufeff\n".encode()])
def test_an_empty_lesson_is_refused(tmp_path: Path, data: bytes) -> None:
    error = failure(write(tmp_path / "a.md", data))
    assert str(error) == "The lesson a.md is empty; write something into it."


def test_a_lesson_of_markup_alone_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.md", b"<!-- nothing -->\n\n---\n")
    assert str(failure(path)) == f"The lesson {path} holds no words; write some into it."


def test_a_missing_lesson_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "none.md"
    assert str(failure(path)) == f"The lesson {path} cannot be read: no such file."


def test_a_folder_without_lessons_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "notes.xyz", b"x")
    error = failure(tmp_path)
    assert str(error) == (
        f"The folder {tmp_path} holds no lesson; "
        "put a .md, .txt, .html, .pdf, .docx, .pptx or .ipynb file into it."
    )
    assert error.korean == (
        f"{tmp_path} 폴더에 강의 파일이 없습니다. "
        ".md, .txt, .html, .pdf, .docx, .pptx, .ipynb 파일을 넣어 주세요."
    )


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    with path.open("wb") as file:
        file.truncate(10_000_001)
    assert str(failure(path)) == "The lesson a.md is larger than 10 MB; split it."


def test_a_folder_is_read_in_a_fixed_order(tmp_path: Path) -> None:
    for name in ("나.md", "가/둘.md", "가/하나.txt", "b.MD", ".hidden.md", ".git/x.md", "c.py"):
        write(tmp_path / name, b"# x\n")
    (tmp_path / "가" / "loop").symlink_to(tmp_path)
    assert [d.source for d in read_corpus(tmp_path)] == ["b.MD", "가/둘.md", "가/하나.txt", "나.md"]


def test_a_name_that_is_not_utf8_is_read(tmp_path: Path) -> None:
    name = os.fsdecode("과일.md".encode("cp949"))
    try:
        (tmp_path / name).write_text("# 과일\n", "utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 names alone")
    assert [d.source for d in read_corpus(tmp_path)] == [r"\xb0\xfa\xc0\xcf.md"]


def test_a_lesson_that_is_always_being_written_is_refused() -> None:
    with pytest.raises(CorpusError) as caught:
        read_bytes(UNSETTLED, "a.md", 1)
    assert type(caught.value) is CorpusError
    assert str(caught.value) == "The lesson a.md is being written; try again when it is saved."
    assert caught.value.korean == (
        "강의 a.md이(가) 저장되는 중입니다. 저장이 끝난 뒤 다시 해 주세요."
    )


def test_a_lesson_that_is_being_written_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, waits = tmp_path / "a.md", []
    path.symlink_to(UNSETTLED)

    def saved_meanwhile(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            path.unlink()
            path.write_text(TEXT, "utf-8")

    monkeypatch.setattr("corpus.files.time.sleep", saved_meanwhile)
    assert read_bytes(path, "a.md", 1) == path.read_bytes()
    assert len(waits) == 2
