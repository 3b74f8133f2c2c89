from __future__ import annotations

import unicodedata
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.markdown import cut
from rag.lesson import Document, Lesson, Passage

NASTY = (
    "\ufeff---\r\ntitle: 앞머리\r\n---\r\n"
    "# 하늘 <b>굵게</b> \U0001f468\u200d\U0001f469\u200d\U0001f467 #\r\n\r\n"
    + unicodedata.normalize("NFD", "한글은 아름답다: **정말**로.")
    + "\r\n둘째 줄\r\n\r\n"
    "다음 표를 보세요:\r\n\r\n"
    "| 이름 | 값 |\r\n|:--|--:|\r\n| `가` | 1 |\r\n| 나 \\| 다 | [2](http://x) |\r\n\r\n"
    "> 인용\r\n> 이어지는 줄\r\n> > 깊은 인용\r\n\r\n"
    "```python\r\nprint('안녕')  \r\n\r\nx = 1\r\n```\r\n\r\n"
    "1. 하나\r\n   - 안쪽 &amp; 더\r\n\r\n     덧붙인 문단\r\n2) 다른 목록\r\n\r\n"
    "<!-- 숨은 말 -->\r\n\r\n제목\u2028같은 줄\r\n====\r\n\r\n- \r\n  - 빈 항목 아래\r\n"
)


def passages(text: str, source: str = "a.md") -> list[Passage]:
    found = cut(Document(source=source, text=text, sha256=""))
    for passage in found:
        assert text[passage.start : passage.end] == passage.text
        assert passage.text == passage.text.strip() != ""
        assert passage.plain == " ".join(passage.plain.split()) != ""
        assert unicodedata.is_normalized("NFC", passage.plain)
    Lesson((Document(source, text, ""),), found)
    return list(found)


def test_the_real_lesson(lesson: Lesson) -> None:
    assert Counter(p.kind for p in lesson.passages) == {"item": 53, "heading": 8, "paragraph": 2}
    (hosted,) = [p for p in lesson.passages if "여러 퍼블릭 클라우드에서 호스팅" in p.text]
    assert hosted.text == (
        "**여러 퍼블릭 클라우드에서 호스팅**: "
        "Oracle Cloud Infrastructure, Microsoft Azure, Google Cloud 등에서 제공됩니다."
    )
    assert lesson.documents[0].text[hosted.start : hosted.end] == hosted.text
    assert hosted.heading == (
        "Lesson 12.6: 클라우드에서의 NVIDIA 솔루션",
        "핵심 내용 분석",
        "3. NVIDIA의 클라우드 솔루션 상세 분석",
    )
    above = lesson.parent(hosted)
    assert above is not None
    assert above.plain == "NVIDIA DGX Cloud"
    (goals,) = [p for p in lesson.passages if p.plain.startswith("이 단원을 마치면")]
    assert [p.plain.split(":")[0] for p in lesson.children(goals)] == [
        "NVIDIA AI 플랫폼의 이해",
        "클라우드에서 NVIDIA 기술 활용 방법 파악",
        "NVIDIA의 클라우드 솔루션 분석",
    ]


def test_a_nasty_document() -> None:
    found = passages(NASTY)
    assert [(p.kind, p.plain) for p in found] == [
        ("heading", "하늘 굵게 \U0001f468\u200d\U0001f469\u200d\U0001f467"),
        ("paragraph", "한글은 아름답다: 정말로. 둘째 줄"),
        ("paragraph", "다음 표를 보세요:"),
        ("row", "이름: 가, 값: 1"),
        ("row", "이름: 나 | 다, 값: 2"),
        ("paragraph", "인용 이어지는 줄"),
        ("paragraph", "깊은 인용"),
        ("code", "print('안녕') x = 1"),
        ("item", "하나"),
        ("item", "안쪽 & 더"),
        ("paragraph", "덧붙인 문단"),
        ("item", "다른 목록"),
        ("heading", "제목 같은 줄"),
        ("item", "빈 항목 아래"),
    ]
    by_plain = {p.plain: p for p in found}
    assert by_plain["인용 이어지는 줄"].text == "인용\r\n> 이어지는 줄"
    assert by_plain["이름: 가, 값: 1"].text == "| `가` | 1 |"
    assert by_plain["print('안녕') x = 1"].text == "print('안녕')  \r\n\r\nx = 1"
    assert [by_plain[name].number for name in ("하나", "다른 목록", "안쪽 & 더")] == [1, 2, None]
    lead = by_plain["다음 표를 보세요:"].id
    assert {by_plain[row].parent for row in ("이름: 가, 값: 1", "이름: 나 | 다, 값: 2")} == {lead}
    assert by_plain["안쪽 & 더"].parent == by_plain["하나"].id
    assert by_plain["덧붙인 문단"].parent == by_plain["안쪽 & 더"].id


def test_headings_make_the_path() -> None:
    found = passages("# 가\n\n### 나\n\n글\n\n## 다\n\n글\n")
    assert [(p.plain, p.heading, p.level) for p in found] == [
        ("가", (), 1),
        ("나", ("가",), 3),
        ("글", ("가", "나"), 0),
        ("다", ("가",), 2),
        ("글", ("가", "다"), 0),
    ]


@pytest.mark.parametrize(
    ("text", "above"),
    [
        ("# 식물\n\n# 빛 반응\n\n글이다.\n\n# 어둠\n\n끝이다.\n", ["식물"]),
        ("**식물**\n\n**빛 반응**\n\n글이다.\n\n**어둠**\n\n끝이다.\n", ["식물"]),
        ("# 식물\n\n풀이다.\n\n# 빛 반응\n\n글이다.\n\n# 어둠\n\n끝이다.\n", []),
        ("## 식물\n\n# 빛 반응\n\n글이다.\n\n# 어둠\n\n끝이다.\n", []),
    ],
)
def test_a_first_heading_with_nothing_of_its_own_is_the_title(text: str, above: list[str]) -> None:
    found = {p.plain: list(p.heading) for p in passages(text)}
    assert (found["글이다."], found["끝이다."]) == ([*above, "빛 반응"], [*above, "어둠"])
    assert (found["빛 반응"], found["어둠"]) == (above, above)


def test_ids_survive_an_edit_elsewhere() -> None:
    before = passages("# 가\n\n- 하나\n- 둘\n- 같은\n- 같은\n")
    after = passages("# 가\n\n- 하나입니다\n- 둘\n- 같은\n- 같은\n- 셋\n")
    assert [p.id for p in before[2:]] == [p.id for p in after[2:5]]
    assert before[1].id != after[1].id
    assert len({p.id for p in after}) == len(after)


def test_plain_text_is_cut_at_blank_lines() -> None:
    found = passages("첫 문단\r\n이어짐\r\n\r\n  # 둘째  \r\n", "a.txt")
    assert [(p.kind, p.text) for p in found] == [
        ("paragraph", "첫 문단\r\n이어짐"),
        ("paragraph", "# 둘째"),
    ]


def test_long_code_is_cut_at_blank_lines() -> None:
    block = "\n\n".join("\n".join(f"line{i}_{j}" for j in range(9)) for i in range(6))
    found = passages(f"```\n{block}\n```\n")
    assert len(found) == 3
    assert all(p.kind == "code" and len(p.text.split("\n")) <= 29 for p in found)


def test_scripts_and_comments_of_html_are_dropped() -> None:
    found = passages("<div>\n보이는 말<script>alert(1)</script>\n</div>\n\n<!-- 명령 -->\n")
    assert [p.plain for p in found] == ["보이는 말"]


@pytest.mark.parametrize(
    "text",
    [
        "> " * 3_000 + "깊다",
        "".join("  " * i + "- 항목\n" for i in range(300)),
        "```\n" + "끝나지 않는 코드\n" * 3_000,
        "".join(f"# 제목 {i}\n" for i in range(3_000)),
        "가나다 " * 200_000,
        "|a|b|\n|-|-|\n" + "|1|2|\n" * 2_000,
        "[" * 5_000,
        "*" * 5_000 + "a",
    ],
    ids=["quotes", "lists", "fence", "headings", "paragraph", "table", "brackets", "stars"],
)
def test_hostile_documents_are_cut_all_the_same(text: str) -> None:
    passages(text)


_AT = "# @## @- @  - @1. @> @\t@    @**@`@a:b@:@&amp;@<b>@가나다@😀@![x](y)@[z](w)"
_TILDE = "|- | ~|-|-|\n~```\n~\n~\n\n~\r\n~\r~\u1112\u1161\u11ab~\u2028~---\n~===\n~\x0c~\ufeff~\\|"
MARKUP = st.sampled_from(
    [*_AT.split("@"), "○ ", "① ", "가. ", "※ ", *_TILDE.split("~"), "\x85", "\u3000", "| "]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(MARKUP, max_size=30).map("".join))
def test_offsets_hold_for_any_markdown(text: str) -> None:
    passages(text)
