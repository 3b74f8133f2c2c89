"""Several lessons in one index: asking all of them or a chosen few."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.vectors import VectorIndex
from rag.assistant import Assistant
from rag.errors import QuestionError
from tests.conftest import quiet
from tests.many_lessons import code, write, year
from ui.endpoints import Endpoints
from ui.settings import read_settings
from ui.wiring import Live, Parts, Service, open_service

DOCUMENTS = Path(__file__).parent.parent / "corpus" / "questions" / "documents"
BREAD, GIT = "baking-bread.md", "git-basics.md"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, parts: Parts) -> Assistant:
    index = tmp_path_factory.mktemp("library") / "index"
    options = {"corpus": str(DOCUMENTS), "index": str(index), "device": "cpu"}
    return open_service(read_settings(options, {}), quiet, parts).assistant


def test_an_answer_names_its_lesson(library: Assistant) -> None:
    answer = library.ask("빵 반죽이 부푸는 까닭이 뭐예요?")
    assert {citation.source for citation in answer.citations} == {BREAD}


def test_only_the_chosen_lesson_answers(library: Assistant) -> None:
    question = "빵 반죽이 부푸는 까닭이 뭐예요?"
    assert not library.within([BREAD]).ask(question).abstained
    refused = library.within([GIT]).ask(question)
    assert refused.abstained
    titles = [p.plain for p in library.lesson.passages if p.source == GIT]
    names = [suggestion.rsplit(" ", 1)[0][:-1] for suggestion in refused.suggestions]
    assert names and all(any(name.strip("‘’") in title for title in titles) for name in names)


def test_every_hit_is_of_the_chosen_lessons(library: Assistant) -> None:
    for chosen in ([BREAD], [GIT], [BREAD, GIT]):
        hits = library.within(chosen).search("처음에는 무엇을 하나요?", 30)
        assert {hit.passage.source for hit in hits} == set(chosen)
        assert len(hits) == 30


def test_choosing_all_is_choosing_none(library: Assistant) -> None:
    everything = [document.source for document in library.lesson.documents]
    question = "커밋을 되돌리려면 어떻게 해요?"
    one, other = library.ask(question), library.within(everything).ask(question)
    assert (one.answer, one.citations) == (other.answer, other.citations)
    assert library.within([]) is library


def test_a_lesson_that_is_not_there_is_a_sentence(library: Assistant) -> None:
    with pytest.raises(QuestionError) as caught:
        library.within([BREAD, "../etc/passwd"])
    assert str(caught.value) == (
        "There is no lesson '../etc/passwd' here; choose one of those that are."
    )
    assert caught.value.korean == (
        "'../etc/passwd' 강의는 여기에 없어요. 있는 강의 가운데에서 골라 주세요."
    )


def test_searching_some_rows_is_searching_all_and_leaving_out_the_rest() -> None:
    random = np.random.default_rng(7)
    vectors = random.normal(size=(500, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[40:60] = vectors[3]  # ties
    index, among = VectorIndex(vectors), np.arange(0, 500, 3)
    for query in (vectors[3], vectors[100]):
        scores, rows = index.search(query, 500)
        kept = np.isin(rows, among)
        found_scores, found = index.search(query, 12, among)
        assert found.tolist() == rows[kept][:12].tolist()
        assert found_scores.tolist() == scores[kept][:12].tolist()
    assert index.search(vectors[0], 5, among[:0])[1].tolist() == []


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory, parts: Parts) -> Service:
    folder = tmp_path_factory.mktemp("many")
    write(folder / "lessons", 12)
    options = {"corpus": f"{folder}/lessons", "index": f"{folder}/index", "device": "cpu"}
    return open_service(read_settings(options, {}), quiet, parts)


def test_each_of_many_lessons_is_found(many: Service) -> None:
    for number in range(12):
        answer = many.assistant.ask(f"{code(number)}은 언제 처음 썼나요?")
        assert f"{year(number)}년" in answer.answer
        assert {c.source for c in answer.citations} == {f"00/lesson-{number:04d}.md"}


def test_an_answer_may_rest_on_several_lessons(many: Service) -> None:
    answer = many.assistant.ask(f"{code(2)}와 {code(5)}의 차이는 무엇인가요?")
    assert {c.source for c in answer.citations} == {"00/lesson-0002.md", "00/lesson-0005.md"}
    texts = {d.source: d.text for d in many.assistant.lesson.documents}
    for citation in answer.citations:
        assert texts[citation.source][citation.start : citation.end] == citation.quote


def test_the_page_asks_and_searches_the_chosen_lessons(many: Service) -> None:
    page, chosen = Endpoints(Live(many)), ["00/lesson-0003.md", "00/lesson-0008.md"]
    assert {hit["source"] for hit in page.search("규격을 따른다", 50, chosen)} == set(chosen)
    turn = page.turn("언제 처음 썼나요?", [], chosen[:1])
    assert f"{year(3)}년" in turn["answer"]["answer"]
    assert {c["source"] for c in turn["answer"]["citations"]} == {chosen[0]}
    assert len(page.library()["lessons"]) == 12


def test_the_questions_to_suggest_are_found_once(
    many: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = many.assistant.examples(3)
    assert len(first) == 3
    monkeypatch.delattr("rag.suggest.examples")  # it looks at every passage
    assert many.assistant.examples(3) == first
    assert many.assistant.ask("안녕하세요").suggestions == first
