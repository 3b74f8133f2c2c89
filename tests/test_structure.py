"""Rules about how lessons are built, each over a lesson of a few lines."""

from __future__ import annotations

import pytest

from corpus.markdown import cut
from rag.above import with_paragraphs
from rag.assistant import Assistant
from rag.conversation import resolve
from rag.evidence import Evidence, choose, shown
from rag.excerpt import best_sentences
from rag.extractive import ExtractiveGenerator, readable
from rag.lesson import Document, Lesson, Passage, label
from rag.naming import Said, asked_before, asks_for
from rag.question import Question, understand
from rag.reading import Place, place_of
from rag.search import Hit
from rag.structure import announces, counted_list, stated_count, told_below, whole_list
from rag.topic import Topic, nouns_of
from tests.conftest import KIWI

LESSON = """# 물

## 학습 목표

- 물이 도는 까닭을 말한다

## 물의 순환

이 단원을 마치면 다음을 할 수 있다.

- 구름이 생기는 까닭을 말한다

실험이 끝나면 다음과 같이 치운다.

1. 물을 버린다
2. 그릇을 씻는다
3. 그릇을 말린다

## 세 가지 상태

- **고체**: 얼음이다
  - 단단하다
- **액체**: 물이다
  - 흐른다
- **기체**: 김이다
  - 퍼진다
"""


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return lesson_of(LESSON)


def lesson_of(text: str) -> Lesson:
    document = Document("a.md", text, "0" * 64)
    return Lesson((document,), tuple(cut(document)))


def passage(lesson: Lesson, words: str) -> Passage:
    return next(p for p in lesson.passages if p.plain.startswith(words))


def asked(text: str) -> Question:
    return understand(text, text, KIWI)


@pytest.mark.parametrize(
    ("words", "promised"),
    [
        ("물이 도는", True),
        ("구름이", True),
        ("이 단원을", False),
        ("그릇을 씻는다", False),
        ("단단하다", False),
    ],
)
def test_what_a_lesson_promises_is_told_from_what_it_teaches(
    lesson: Lesson, words: str, promised: bool
) -> None:
    assert announces(passage(lesson, words), lesson) == promised


def test_a_list_of_so_many_is_whole_though_its_items_hold_more(lesson: Lesson) -> None:
    solid = passage(lesson, "고체")
    found = whole_list(asked("물의 세 가지 상태를 모두 알려 주세요"), solid, (), lesson)
    assert [p.plain for p in found] == ["고체: 얼음이다", "액체: 물이다", "기체: 김이다"]
    assert whole_list(asked("물의 네 가지 상태를 모두 알려 주세요"), solid, (), lesson) == ()


@pytest.mark.parametrize(
    ("question", "steps"),
    [
        ("물을 버린 다음에는 뭘 해요?", ["물을 버린다", "그릇을 씻는다"]),
        ("물을 버린 뒤에는 무엇을 하나요?", ["물을 버린다", "그릇을 씻는다"]),
        ("물을 버리고 나서 할 일은?", ["물을 버린다", "그릇을 씻는다"]),
        ("물은 어디에 버려요?", ["물을 버린다"]),
        ("다음에서 물을 버리는 것은?", ["물을 버린다"]),
        ("사람을 만나면 물을 버려요?", ["물을 버린다"]),
    ],
)
def test_the_step_after_comes_along_where_it_is_asked_for(
    lesson: Lesson, question: str, steps: list[str]
) -> None:
    hit = Hit(passage(lesson, "물을 버린다"), 1.0, 0.0, 0.0)
    assert [e.passage.plain for e in shown(asked(question), hit, lesson)] == steps


def test_a_list_is_whole_where_its_first_line_says_how_many_follow() -> None:
    lines = ["세 유형의 파트너가 있다.", "설치: 단다", "수리: 고친다", "판매: 판다"]
    partners = lesson_of("# 파트너\n\n" + "\n".join(f"- {line}" for line in lines))
    first = passage(partners, "세 유형")
    found = whole_list(asked("파트너는 몇 가지고 각각 무슨 일을 해요?"), first, (), partners)
    assert [p.plain for p in found] == lines
    fourth = lesson_of("# 파트너\n\n" + "\n".join(f"- {line}" for line in [*lines, "상담: 듣는다"]))
    wanted = asked("파트너를 모두 알려 줘")
    elsewhere = fourth.passages[:1]
    assert whole_list(wanted, passage(fourth, "세 유형"), elsewhere, fourth) == ()


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("계층 알려줘", True),
        ("계층이 뭐예요?", True),
        ("계층은 왜 나눠요?", False),
        ("계층의 온도 알려줘", False),
    ],
)
def test_what_all_items_are_called_is_all_of_them(question: str, whole: bool) -> None:
    layers = lesson_of("# 층\n\n- 아래 계층: 땅\n  - 흙\n- 중간 계층: 집\n- 위 계층: 하늘\n")
    found = whole_list(asked(question), passage(layers, "중간"), layers.passages[:1], layers)
    assert [p.plain for p in found] == (
        ["아래 계층: 땅", "중간 계층: 집", "위 계층: 하늘"] if whole else []
    )


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("어떤 작물들이 있어요?", True),
        ("작물을 모두 알려 줘", True),
        ("바질 말고 작물을 모두 알려 줘", False),  # names a row
        ("수온을 모두 알려 줘", False),
        ("작물은 누가 길러요?", False),
    ],
)
def test_a_table_is_whole_where_its_first_column_is_asked_for(question: str, whole: bool) -> None:
    rows = ["| 작물 | 수온 |", "|---|---|", "| 상추 | 18도 |", "| 바질 | 21도 |", "| 케일 | 15도 |"]
    table = lesson_of("# 기르기\n\n" + "\n".join(rows) + "\n")
    found = whole_list(asked(question), passage(table, "작물: 바질"), table.passages[:1], table)
    assert [p.plain.split(",")[0] for p in found] == (
        ["작물: 상추", "작물: 바질", "작물: 케일"] if whole else []
    )


@pytest.mark.parametrize(
    ("heading", "text", "asks"),
    [
        ("학습 목표", "이 강의의 목표를 설명해 주세요", True),
        ("학습 목표", "목표가 뭐예요?", True),
        ("학습 목표", "학습 목표는 누가 정했나요?", False),
        ("1. 클라우드", "클라우드 뭐가 좋아요?", False),
        ("1. 클라우드", "클라우드의 단점은?", False),
        ("1. 클라우드", "클라우드에 대해 알려 줘", True),
        ("1.", "알려 줘", False),
    ],
)
def test_a_section_is_asked_for_by_its_name_and_nothing_else(
    heading: str, text: str, asks: bool
) -> None:
    assert asks_for(text, lesson_of(f"# A\n\n## {heading}\n\n물이다.\n").passages[1]) is asks


def test_an_answer_stands_under_the_question_before_it() -> None:
    faq = lesson_of("# 카드\n\n문: 리볼빙이 뭔가요?\n\n답: 일부만 갚는 것이다.\n\n이자가 붙는다.\n")
    question, answer, after = faq.passages[1:]
    assert [asked_before(p, faq) for p in (question, answer, after)] == [None, question, None]
    sections = lesson_of("# 물\n\n## 물이 뭔가요?\n\n## 값\n\n만 원이다.\n")
    assert [asked_before(p, sections) for p in sections.passages] == [None] * 4
    place = place_of(asked("리볼빙의 뜻은?"), Hit(answer, 1.0, 0.0, 0.0), faq)
    assert place == Place("카드 › 문: 리볼빙이 뭔가요?", "답: 일부만 갚는 것이다.")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("상태는 몇 가지예요?", 3),
        ("물은 몇 개의 상태가 있나요?", 3),
        ("학습 목표는 몇 개예요?", 0),  # one is no list
        ("기체는 몇 개예요?", 0),
        ("상태가 뭐예요?", 0),
    ],
)
def test_how_many_there_are_is_told_by_the_list_of_them(
    lesson: Lesson, text: str, count: int
) -> None:
    assert len(counted_list(text, passage(lesson, "고체"), lesson)) == count
    above = passage(lesson, "세 가지 상태")
    assert len(counted_list(text, above, lesson)) == count


def test_what_is_one_of_a_kind_is_counted_with_its_like() -> None:
    layers = lesson_of(
        "# 땅\n\n- **위 지층**: 흙\n  - 검다\n  - 젖다\n- **아래 지층**: 돌\n\n"
        "## 순서\n\n1. 판다\n2. 본다\n"
    )
    dark, steps = passage(layers, "검다"), passage(layers, "본다")
    assert [p.plain for p in counted_list("지층은 몇 개예요?", dark, layers)] == [
        "위 지층: 흙",
        "아래 지층: 돌",
    ]
    assert [p.number for p in counted_list("몇 단계예요?", steps, layers)] == [1, 2]
    assert counted_list("몇 단계예요?", dark, layers) == ()


def test_a_procedure_asked_for_in_one_of_several_is_that_alone() -> None:
    accidents = lesson_of(
        "# 사고\n\n1. 화상을 입었을 때\n   - 식힌다\n2. 불이 났을 때\n   - 끈다\n"
    )
    burn, fire = passage(accidents, "화상"), passage(accidents, "불이")
    how = asked("화상을 입으면 어떻게 해야 해요?")
    assert whole_list(how, burn, (burn,), accidents) == ()
    every = asked("사고가 나면 어떻게 해야 해요?")
    assert whole_list(every, burn, (burn,), accidents) == (burn, fire)


def test_an_answer_of_questions_and_answers_is_told_without_its_mark() -> None:
    cases = lesson_of("# 물음\n\n답: 됩니다.\n\nA. 안 됩니다.\n\nA 반이다.\n")
    found = [Evidence(p, p.start, p.end, 1.0) for p in cases.passages[1:]]
    statements = ExtractiveGenerator().write(asked("돼요?"), found, cases)
    assert [s.text for s in statements] == ["됩니다.", "안 됩니다.", "A 반이다."]


def test_a_bare_answer_among_other_places_is_told_with_its_question() -> None:
    cases = lesson_of(
        "# 물음\n\n## 값\n\n만 원이다.\n\n## 묻고 답하기\n\n문: 가루도 되나요?\n\n"
        "답: 됩니다. 조금만 넣어요.\n\n**Q1. 물도 되나요?**\n\nA1. 안 됩니다.\n"
    )
    price, powder, water = (
        Evidence(p, p.start, p.end, 1.0)
        for p in cases.passages
        if p.plain.startswith(("만", "답", "A1"))
    )

    def texts(*evidence: Evidence) -> list[str]:
        return [s.text for s in ExtractiveGenerator().write(asked("돼요?"), evidence, cases)]

    assert texts(powder) == ["됩니다. 조금만 넣어요."]
    assert texts(price, powder, water) == [
        "만 원이다.",
        "가루도 되나요? – 됩니다. 조금만 넣어요.",
        "물도 되나요? – 안 됩니다.",
    ]


def test_code_comes_with_the_sentence_that_tells_of_it() -> None:
    told = "팬은 28도에서 켜고 25도에서 끕니다. 그 둘을 다르게 두는 것은 접점을 아끼려는 것입니다."
    told += " 이를 이력이라고 합니다."
    fan = lesson_of(f"# 팬\n\n{told}\n\n```\nif t > 28: on()\n```\n")
    words, code = fan.passages[1:]
    found = [Evidence(code, code.start, code.end, 1.0)]
    hits = [Hit(code, 1.0, 0.0, 0.0), Hit(words, 0.5, 0.0, 0.0, {}, (2.0, 0.0, 0.0))]
    both = with_paragraphs(asked("팬은 몇 도에서 꺼요?"), found, hits, fan)
    assert [(e.passage, e.depth) for e in both] == [(words, 0), (code, 1)]
    assert both[0].end - both[0].start == told.index(" 그 둘을")
    assert with_paragraphs(asked("팬은 몇 도에서 꺼요?"), both, hits, fan) == both


def test_a_list_of_bullets_with_bullets_is_whole_where_all_are_called_so() -> None:
    layers = lesson_of("# 땅\n\n- **위 지층**: 흙\n  - 검다\n- **아래 지층**: 돌\n  - 단단하다\n")
    upper, dark, lower, _hard = layers.passages[1:]
    assert whole_list(asked("지층을 모두 알려 줘"), upper, (upper, dark, lower), layers) == (
        upper,
        lower,
    )
    assert whole_list(asked("지층을 모두 알려 줘"), upper, (layers.passages[0],), layers) == ()
    lowest = asked("가장 아래 지층에 있는 것을 모두 알려 줘")
    assert whole_list(lowest, upper, (upper, dark, lower), layers) == ()
    assert whole_list(asked("위 지층의 특징을 모두 알려 줘"), upper, (upper, dark), layers) == ()


@pytest.mark.parametrize(
    ("history", "asked_for", "first"),
    [
        ([], "DGX Cloud 특징 정리 부탁드려요", "NVIDIA DGX Cloud"),
        ([], "디지엑스 클라우드는 어떤 서비스예요?", "NVIDIA DGX Cloud"),
        ([], "AI Foundations에 대해 알려줘", "NVIDIA AI Foundations"),
        ([], "NVIDIA AI 플랫폼의 특징을 전부 알려 주세요", "1. NVIDIA AI 플랫폼 소개"),
        (["DGX Cloud가 뭐예요?"], "쉽게 설명해줘", "NVIDIA DGX Cloud"),
        ([], "DGX Cloud는 누가 관리해요?", None),
        ([], "DGX Cloud의 가격은?", None),
        ([], "NGC 카탈로그는 무료예요?", None),
    ],
)
def test_what_is_named_and_asked_about_as_a_whole_is_told_with_what_hangs_under_it(
    history: list[str], asked_for: str, first: str | None, assistant: Assistant
) -> None:
    trace = assistant.trace(asked_for, history)
    below = told_below(trace.question, assistant.lesson, assistant._retriever)
    assert (below.plain if below else None) == first
    if below:
        told = [evidence.passage for evidence in trace.evidence]
        assert told[0] is below
        assert set(assistant.lesson.children(below)) <= set(told)


def test_the_last_step_has_none_after_it(lesson: Lesson) -> None:
    hit = Hit(passage(lesson, "그릇을 말린다"), 1.0, 0.0, 0.0)
    assert len(shown(asked("그릇을 말린 다음에는 뭘 해요?"), hit, lesson)) == 1


def test_what_is_about_the_same_is_told_together_and_steps_in_order(lesson: Lesson) -> None:
    words = ["그릇을 말린다", "기체", "그릇을 씻는다"]
    passages = [passage(lesson, word) for word in words]
    evidence = [Evidence(p, p.start, p.end, 1.0) for p in passages]
    statements = ExtractiveGenerator().write(asked("어떻게 치워요?"), evidence, lesson)
    assert [(s.text, s.evidence) for s in statements] == [
        ("실험이 끝나면 다음과 같이 치운다. – 그릇을 씻는다", 2),
        ("그릇을 말린다", 0),
        ("기체: 김이다", 1),
    ]


def test_an_ordinal_counts_the_list_that_was_shown(lesson: Lesson) -> None:
    question = asked("물의 세 가지 상태를 모두 알려 주세요")
    states = tuple(lesson.children(passage(lesson, "세 가지 상태")))
    topic = Topic(passage(lesson, "물의 순환"), question, states)
    resolved = resolve(asked("두 번째 것만 자세히"), topic, lesson, named=False)
    assert (resolved.focus, resolved.pointed) == (states[1], True)


def test_a_question_without_nouns_leaves_what_its_answer_began_with(lesson: Lesson) -> None:
    topic = Topic(passage(lesson, "실험이"), asked("어떻게 해요?"))
    resolved = resolve(asked("그건 왜 그래요?"), topic, lesson, named=False)
    assert resolved.text == "실험이 끝나면 다음과 같이 치운다. 왜 그래요?"


@pytest.mark.parametrize(
    ("question", "nouns"),
    [
        ("제3전시실은 언제 봐요?", "제3전시실"),
        ("2호선은 누가 몰아요?", "2호선"),
        ("3월 행사는?", "행사"),
    ],
)
def test_a_number_right_before_a_noun_is_part_of_it(question: str, nouns: str) -> None:
    assert nouns_of(Topic(None, asked(question))) == nouns


def test_evidence_of_no_hits_is_none(lesson: Lesson) -> None:
    assert choose(asked("물이 뭐예요?"), [], lesson) == []


def test_all_steps_come_along_though_another_place_is_closer(lesson: Lesson) -> None:
    closer, step = passage(lesson, "구름이"), passage(lesson, "그릇을 씻는다")
    hits = [Hit(closer, 0.2, 0.0, 0.0), Hit(step, 0.1, 0.0, 0.0)]
    chosen = choose(asked("치우는 순서를 알려 주세요"), hits, lesson)
    assert [e.passage.plain for e in chosen] == [
        "구름이 생기는 까닭을 말한다",
        "실험이 끝나면 다음과 같이 치운다.",
        "물을 버린다",
        "그릇을 씻는다",
        "그릇을 말린다",
    ]


@pytest.mark.parametrize(
    ("about", "before", "understood"),
    [
        ("윗층", "빌릴 것은 어디에 있어요?", "자료 목록은 누가 관리해요?"),
        ("윗층", "윗층에는 뭐가 있어요?", "윗층은 누가 관리해요?"),
        ("말씨", "어떻게 이야기해요?", "말씨는 누가 관리해요?"),
    ],
)
def test_what_hangs_under_a_colon_is_about_what_stands_after_it(
    about: str, before: str, understood: str
) -> None:
    text = "# 창고\n\n- **윗층: 자료 목록**\n  - 책을 빌린다\n- **말씨**: 한국어\n"
    stock = lesson_of(text)
    topic = Topic(passage(stock, about), asked(before))
    assert resolve(asked("그건 누가 관리해요?"), topic, stock, named=False).text == understood


@pytest.mark.parametrize(
    ("line", "called"),
    [
        ("DGX Cloud: 훈련 서비스", "DGX Cloud"),
        ("이름:값", "이름"),
        ("09:00 등록과 안내", "09:00 등록과 안내"),
        ("https://example.org 참고", "https://example.org 참고"),
        ("비율 3:1로 섞기", "비율 3:1로 섞기"),
    ],
)
def test_only_a_colon_that_names_ends_a_name(line: str, called: str) -> None:
    assert label(lesson_of(f"# A\n\n- {line}\n").passages[1]) == called


def test_a_list_of_fifteen_is_whole_when_fifteen_are_asked_for() -> None:
    text = "# 규칙\n\n" + "".join(f"- 규칙 {n}호\n" for n in range(1, 16))
    rules = lesson_of(text)
    hit = Hit(passage(rules, "규칙 3호"), 1.0, 0.0, 0.0)
    chosen = choose(asked("규칙 15가지를 모두 알려 주세요"), [hit], rules)
    assert [e.passage.plain for e in chosen[1:]] == [f"규칙 {n}호" for n in range(1, 16)]


def test_of_a_long_outline_what_is_found_first_keeps_its_words() -> None:
    items = [f"- **규칙 {n}호**: {'반드시 지킨다 ' * 12}\n" for n in range(1, 7)]
    rules = lesson_of("# 규칙\n\n" + "".join(items))
    top, *others = rules.passages
    hits = [Hit(top, 2.0, 0.0, 0.0), Hit(others[3], 1.0, 0.0, 0.0)]
    chosen = choose(asked("규칙이 뭐예요?"), hits, rules)
    lengths = [e.end - e.start == len(e.passage.text) for e in chosen]
    assert lengths == [True, False, False, False, True, False, False]
    long = lesson_of("# 규칙\n\n" + "".join(f"- **{n}호**: {'지킨다 ' * 80}\n" for n in "12"))
    hits = [Hit(passage, 1.0, 0.0, 0.0) for passage in long.passages]
    assert sum(e.end - e.start for e in choose(asked("규칙이 뭐예요?"), hits, long)) < 20


def test_what_a_bullet_hangs_under_is_told_where_its_name_does_not_say_it() -> None:
    long = "바닥: " + "무거운 돌과 흙을 " * 5 + "받치는 층"
    floors = lesson_of(f"# 층\n\n- 꼭대기: 손님 층\n  - 가장 위에 있다\n- {long}\n  - 돌이다\n")
    top, above, bottom, below = floors.passages[1:]
    for child, parent, told in ((above, top, [above, top]), (below, bottom, [below])):
        hits = [Hit(child, 1.0, 0.0, 0.0), Hit(parent, 0.9, 0.0, 0.0)]
        chosen = choose(asked("어느 층이에요?"), hits, floors)
        assert [e.passage for e in chosen] == told


def test_code_in_part_of_a_passage_is_kept() -> None:
    text = "`__init__`은 **처음** 불린다. `2 ** 3`은 8이다. 끝이다."
    whole = lesson_of(text).passages[0]
    assert readable(Evidence(whole, 0, text.index(" 끝"), 1.0)) == (
        "__init__은 처음 불린다. 2 ** 3은 8이다."
    )
    broken = lesson_of("처음이다. `a ** b\nc`는 코드다. 끝이다.").passages[0]
    assert readable(Evidence(broken, 6, broken.end - 5, 1.0)) == "a ** b c는 코드다."
    cut_through = Evidence(whole, 0, text.index("__`"), 1.0)
    assert readable(cut_through) == "init"


def test_a_sentence_of_many_words_is_no_slower_to_number() -> None:
    words = "우리가 학교는 " * 200 + "있다. 그래서 간다."
    hit = Hit(lesson_of(words).passages[0], 1.0, 0.0, 0.0)
    assert best_sentences(asked("학교는 왜 있어요?"), hit)[0][0] == 0


def test_months_are_no_count_of_things() -> None:
    assert stated_count("3개월 과정의 내용은?") is None
    assert stated_count("세 가지 상태는?") == 3


@pytest.mark.parametrize(
    ("text", "word", "said"),
    [
        ("training이 뭐예요?", "ai", False),
        ("email 주소는?", "ai", False),
        ("AI가 뭐예요?", "ai", True),
        ("VMs?", "vm", True),
        ("dgxcloud는요?", "cloud", True),
        ("ＤＧＸ 클라우드", "dgx", True),
        ("자료목록은요?", "목록", True),
    ],
)
def test_a_short_latin_name_is_no_part_of_a_word(text: str, word: str, said: bool) -> None:
    assert Said.of(text).has(word) == said
