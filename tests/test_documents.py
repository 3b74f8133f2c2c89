"""Every format read, from real files to the passages that are cited."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path

import docx
import pytest

from corpus.markdown import cut
from corpus.source import read_corpus
from rag.evidence import Evidence
from rag.extractive import readable
from rag.lesson import Document, Passage
from tests import documents
from tests.test_source import failure
from ui.lesson_view import view

Short = tuple[str, str, tuple[str, ...], int | None]  # kind, plain, heading, page


def read(folder: Path, name: str, data: bytes) -> Document:
    (folder / name).write_bytes(data)
    (document,) = read_corpus(folder / name)
    assert (document.source, document.sha256) == (name, hashlib.sha256(data).hexdigest())
    return document


def passages(document: Document) -> list[Passage]:
    """The passages, each of which slices the text and is seen whole in the lesson pane."""
    found = list(cut(document))
    shown = view(document.text)
    for passage in found:
        assert document.text[passage.start : passage.end] == passage.text
        words = shown.shown(passage.start, passage.end)
        if passage.kind not in ("row", "code"):
            assert unicodedata.normalize("NFC", words) == passage.plain
    return found


def short(document: Document) -> list[Short]:
    return [(p.kind, p.plain, p.heading, document.page_at(p.start)) for p in passages(document)]


def test_word(tmp_path: Path) -> None:
    title = ("식물의 광합성",)
    under = (*title, "빛 반응")
    assert short(read(tmp_path, "식물.docx", documents.word())) == [
        ("heading", "식물의 광합성", (), None),
        ("heading", "빛 반응", title, None),
        (
            "paragraph",
            "엽록체의 틸라코이드에서 일어나며 물을 분해합니다. 2024. 3. 1. 기준 <b>와 a*b*c",
            under,
            None,
        ),
        ("item", "산소가 나옵니다", under, None),
        ("item", "공기로 나갑니다", under, None),
        ("item", "ATP를 만듭니다", under, None),
        ("item", "빛을 받습니다", under, None),
        ("item", "물을 나눕니다", under, None),
        ("row", "단계: 빛, 장소: 틸라코이드, 결과: ATP|NADPH", under, None),
        ("row", "단계: 빛, 장소: 스트로마, 결과: 포도당", under, None),
    ]
    by_plain = {p.plain: p for p in passages(read(tmp_path, "a.docx", documents.word()))}
    assert by_plain["공기로 나갑니다"].parent == by_plain["산소가 나옵니다"].id
    assert by_plain["물을 나눕니다"].number == 2


def test_a_word_file_without_a_title_keeps_its_headings(tmp_path: Path) -> None:
    written = docx.Document()
    for level in (1, 2):
        written.add_heading(f"제목 {level}", level)
        written.add_paragraph("글입니다.")
    found = passages(read(tmp_path, "a.docx", documents.saved(written)))
    assert [p.heading for p in found if p.kind != "heading"] == [
        ("제목 1",),
        ("제목 1", "제목 2"),
    ]


def test_slides(tmp_path: Path) -> None:
    first, second = ("판의 경계",), ("판의 경계", "발산 경계")
    third = ("판의 경계", "수렴 경계")
    document = read(tmp_path, "판.pptx", documents.slides())
    assert short(document) == [
        ("heading", "판의 경계", (), 1),
        ("paragraph", "지구과학 3강", first, 1),
        ("heading", "발산 경계", first, 2),
        ("item", "두 판이 멀어집니다", second, 2),
        ("item", "해령이 생깁니다 😀", second, 2),
        ("item", "# 예: 대서양 중앙 해령", second, 2),
        ("paragraph", "화산 활동이 잦은 까닭을 설명합니다.", second, 2),
        ("heading", "수렴 경계", first, 3),
        ("row", "종류: 충돌형, 보기: 히말라야", third, 3),
    ]
    html = view(document.text).html
    assert html.count("<hr>") == 2
    assert html.count("<table>") == 1


def test_pdf(tmp_path: Path) -> None:
    long = "세종대왕은 1443년에 훈민정음을 만들었고 1446년에 세상에 펴냈습니다. "
    cut_off = "이 글자는 백성이 쉽게 배울 수 있도록 만들어졌으며 그 뜻은"
    pages = [
        [(20, "한글의 역사"), (14, "창제"), (11, long * 3 + "<끝> & *별*"), (11, cut_off)],
        [(11, "해례본에 적혀 있습니다."), (14, "보기"), (11, "• 닿소리 글자\n• 홀소리 글자")],
        [(11, "2024. 3. 1. 개강"), (11, "1. 첫째 시간"), (11, unicodedata.normalize("NFD", "끝"))],
    ]
    document = read(tmp_path, "한글.pdf", documents.printed(pages))
    made, shown = ("한글의 역사", "창제"), ("한글의 역사", "보기")
    assert short(document) == [
        ("heading", "한글의 역사", (), 1),
        ("heading", "창제", ("한글의 역사",), 1),
        ("paragraph", (long * 3 + "<끝> & *별*"), made, 1),
        ("paragraph", f"{cut_off} 해례본에 적혀 있습니다.", made, 1),
        ("heading", "보기", ("한글의 역사",), 2),
        ("item", "닿소리 글자", shown, 2),
        ("item", "홀소리 글자", shown, 2),
        ("paragraph", "2024. 3. 1. 개강", shown, 3),
        ("item", "첫째 시간", shown, 3),
        ("paragraph", "끝", shown, 3),
    ]
    assert document.text[document.pages[1] :].startswith("해례본에")
    assert document.text[document.pages[2] :].startswith("2024\\. 3. 1.")
    for edge in ("한국사 강의 자료", "- 2 -"):  # header and footer
        assert edge not in document.text


def test_notebook(tmp_path: Path) -> None:
    data = documents.notebook(
        ("markdown", "# 변수\r\n\r\n- 값에 붙인 **이름**\n```\n열린 채"),
        ("code", "x = 1\nprint('''\n```\n''')"),
        ("raw", "안 보임"),
        ("markdown", "끝 \ud800"),
    )
    document = read(tmp_path, "a.ipynb", data)
    assert "나온 값" not in document.text
    assert document.text == (
        "# 변수\n\n- 값에 붙인 **이름**\n```\n열린 채\n```\n\n"
        "````python\nx = 1\nprint('''\n```\n''')\n````\n\n끝 \ufffd\n"
    )
    assert [(p.kind, p.text) for p in passages(document)] == [
        ("heading", "변수"),
        ("item", "값에 붙인 **이름**"),
        ("code", "열린 채"),
        ("code", "x = 1\nprint('''\n```\n''')"),
        ("paragraph", "끝 \ufffd"),
    ]


PAGE = """<!doctype html><html><head><meta charset="euc-kr"><title>지리 수업</title>
<style>p{color:red}</style></head><body><nav><a href=x>메뉴</a></nav><script>alert(1)</script>
<h2>수도 <em>서울</em></h2><p>서울은 <a href="http://x">한국</a>의 수도입니다.
a_b_c 2*3*4 &lt;div&gt;
<p>2024. 3. 1. 개강<br># 다음 줄
<ul><li>하나<ul><li>안쪽</ul><li>둘</ul><ol start=3><li>셋째<li>넷째</ol>
<table><caption>인구</caption><tr><th>도시<th>구<tr><td rowspan=2>서울|시<td>강남
<tr><td>종로</table>
<table><tr><td>상자 안의 글</table>
<pre><code>x = `1`
```</code></pre>
<img src="data:x" alt="서울 지도"><div hidden>숨은 말</div><p style="display: none">안 보이는 말
<!-- 주석 --><footer>꼬리말</footer></body></html>"""


@pytest.mark.parametrize("encoding", ["cp949", "utf-8", "utf-8-sig", "utf-16"])
def test_web_page(tmp_path: Path, encoding: str) -> None:
    markup = PAGE.replace("euc-kr", "utf-8") if "utf" in encoding else PAGE
    document = read(tmp_path, "a.html", markup.replace("\n", "\r\n").encode(encoding))
    top = ("지리 수업",)
    under = ("지리 수업", "수도 서울")
    assert short(document) == [
        ("heading", "지리 수업", (), None),
        ("heading", "수도 서울", top, None),
        ("paragraph", "서울은 한국의 수도입니다. a_b_c 2*3*4 <div>", under, None),
        ("paragraph", "2024. 3. 1. 개강 # 다음 줄", under, None),
        ("item", "하나", under, None),
        ("item", "안쪽", under, None),
        ("item", "둘", under, None),
        ("item", "셋째", under, None),
        ("item", "넷째", under, None),
        ("paragraph", "인구", under, None),
        ("row", "도시: 서울|시, 구: 강남", under, None),
        ("row", "도시: 서울|시, 구: 종로", under, None),
        ("paragraph", "상자 안의 글", under, None),
        ("code", "x = `1` ```", under, None),
        ("paragraph", "서울 지도", under, None),
    ]


def test_a_web_page_in_an_encoding_of_its_own(tmp_path: Path) -> None:
    page = '<meta charset="shift_jis"><p>日本語の授業です</p>'
    assert read(tmp_path, "a.htm", page.encode("shift_jis")).text == "日本語の授業です\n"
    (tmp_path / "b.html").write_bytes("<p>caf\xe9</p>".encode("latin-1"))
    assert str(failure(tmp_path / "b.html")) == (
        "The lesson b.html is not text in UTF-8, UTF-16 or CP949; save it as UTF-8."
    )


def test_an_answer_does_not_show_the_backslashes(tmp_path: Path) -> None:
    words = r"첫 문장은 이것입니다. 둘째는 \<b>와 \*별\*, `코드`입니다."
    (passage,) = passages(read(tmp_path, "a.md", words.encode()))
    evidence = Evidence(passage, passage.text.index("둘째") + passage.start, passage.end, 1.0, 0)
    assert readable(evidence) == "둘째는 <b>와 *별*, 코드입니다."


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.pdf", "PDF"),
        ("a.docx", "Word (.docx)"),
        ("a.pptx", "PowerPoint (.pptx)"),
        ("a.ipynb", "Jupyter (.ipynb)"),
    ],
)
def test_a_damaged_file_is_a_sentence(tmp_path: Path, name: str, kind: str) -> None:
    (tmp_path / name).write_bytes("이것은 다른 것입니다".encode())
    error = failure(tmp_path / name)
    assert str(error) == f"The lesson {name} is damaged, or no {kind} file; save it again."
    assert error.korean == (
        f"강의 {name}이(가) 손상되었거나 {kind} 파일이 아닙니다. 다시 저장해 주세요."
    )


def test_a_locked_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(documents.printed([[(11, "비밀")]], password="secret"))
    error = failure(tmp_path / "a.pdf")
    assert str(error) == "The lesson a.pdf is protected by a password; save it without one."
    assert error.korean == "강의 a.pdf에 암호가 걸려 있습니다. 암호 없이 저장해 주세요."
    (tmp_path / "a.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    error = failure(tmp_path / "a.docx")
    assert str(error) == (
        "The lesson a.docx is protected by a password or in the old format; "
        "save it as a Word (.docx) file without one."
    )
    assert error.korean == (
        "강의 a.docx에 암호가 걸려 있거나 옛 형식입니다. "
        "암호 없이 Word (.docx) 파일로 저장해 주세요."
    )


def test_a_pdf_of_pictures_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(documents.blank())
    error = failure(tmp_path / "a.pdf")
    assert str(error) == (
        "The lesson a.pdf holds no text, maybe only pictures of pages; "
        "run text recognition over it first."
    )
    assert error.korean == (
        "강의 a.pdf에 글자가 없습니다. 스캔한 그림이면 문자 인식(OCR)을 먼저 해 주세요."
    )


@pytest.mark.parametrize("name", ["a.hwp", "a.doc", "a.ppt", "a.odt"])
def test_formats_that_cannot_be_read_are_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    error = failure(tmp_path / name)
    assert str(error) == (
        f"The lesson {name} is in a format that cannot be read; save it as PDF or .docx."
    )
    assert error.korean == (
        f"강의 {name}은(는) 읽을 수 없는 형식입니다. PDF나 .docx로 저장해 주세요."
    )
