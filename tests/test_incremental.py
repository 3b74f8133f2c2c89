"""An index that takes over what did not change equals one that is made anew."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.lesson import CUTTER, read_lesson
from index import build, store
from index.encoder import Encoder
from index.generation import read_generation
from index.matrix import npy_bytes
from rag.lesson import Document, Lesson, Passage
from rag.tuned import tuned
from tests.cheap import CheapAnalyzer, CheapEncoder, bytes_of, cheap_build
from tests.conftest import KIWI, quiet
from tests.forging import forge
from tests.many_lessons import lesson as made_up

NAMES = ("a.md", "b.md", "나/c.md", "나/d.txt")
LINES = (
    "# 과일",
    "## 사과",
    "- 사과: 빨갛다.",
    "  - 달다. 시다.",
    "배는 노랗다. 물이 많다.",
    "",
    "1. 감",
)
texts = st.lists(st.sampled_from(LINES), min_size=1, max_size=8).map("\n".join)
edits = st.lists(
    st.tuples(st.sampled_from(NAMES), st.one_of(st.none(), texts), st.booleans()),
    min_size=1,
    max_size=6,
)


@given(edits)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_after_any_edits_the_bytes_are_those_of_a_full_build(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, str | None, bool]]
) -> None:
    """Lessons are written, replaced and removed (None), with a build after some of the edits."""
    folder = tmp_path_factory.mktemp("edits")
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "z.md").write_text("# 늘 있는 글\n\n사과와 배.\n", "utf-8")
    for name, text, build_now in [*changes, ("z.md", "# 끝\n\n배와 감.\n", True)]:
        path = corpus / name
        path.parent.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)
        if text is not None and text.strip():
            path.write_text(text, "utf-8")
        if build_now:
            cheap_build(folder / "index", corpus)
    cheap_build(folder / "full", corpus)
    assert bytes_of(folder / "index") == bytes_of(folder / "full")
    shutil.rmtree(folder)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.md").write_text(made_up(number), "utf-8")
    return folder


def test_only_what_changed_is_cut_and_encoded(corpus: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    cheap_build(index, corpus)
    changed = corpus / "2.md"
    changed.write_text(changed.read_text("utf-8") + "\n끝으로 한 줄을 더한다.\n", "utf-8")
    encoder, known = CheapEncoder(), []

    def read(before: build.Known) -> Lesson:
        def seen(document: Document) -> tuple[Passage, ...] | None:
            found = before(document)
            known.append((document.source, found is not None))
            return found

        return read_lesson(corpus, seen)

    assert build.build(index, read, CUTTER, encoder, CheapAnalyzer(), quiet)[1]
    assert known == [("0.md", True), ("1.md", True), ("2.md", False), ("3.md", True)]
    # Three documents are looked at again as a sample of what is taken over.
    once = CheapEncoder()
    build.build(tmp_path / "once", read_lesson(changed), CUTTER, once, CheapAnalyzer(), quiet)
    assert len(encoder.encoded) < 4 * len(once.encoded) + 10
    assert encoder.encoded[-len(once.encoded) :] == once.encoded


def test_vectors_that_the_encoder_no_longer_makes_are_not_taken_over(
    corpus: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    cheap_build(index, corpus)
    present = store.load(index)
    forge(index, {"vectors.npy": npy_bytes(np.roll(present.vectors, 1, axis=1))})
    (corpus / "5.md").write_text("# 새 글\n", "utf-8")
    cheap_build(index, corpus)
    cheap_build(tmp_path / "full", corpus)
    assert bytes_of(index) == bytes_of(tmp_path / "full")


def test_full_takes_nothing_over(corpus: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    cheap_build(index, corpus)
    good = bytes_of(index)
    assert cheap_build(index, corpus, full=True)[1]
    assert bytes_of(index) == good


def test_with_the_real_encoder_too(corpus: Path, tmp_path: Path, encoder: Encoder) -> None:
    analyzer, index = KIWI, tmp_path / "index"

    def make(folder: Path) -> None:
        def read(known: build.Known) -> Lesson:
            return read_lesson(corpus, known)

        build.build(folder, read, CUTTER, encoder, analyzer, quiet)

    make(index)
    (corpus / "0.md").unlink()
    (corpus / "1.md").write_text(made_up(9), "utf-8")
    text = (corpus / "2.md").read_text("utf-8")
    (corpus / "2.md").write_text(text + "\n마지막으로 나침반을 닦는다.\n", "utf-8")
    make(index)
    make(tmp_path / "full")
    assert bytes_of(index) == bytes_of(tmp_path / "full")
    hits = []
    for folder in (index, tmp_path / "full"):
        generation = read_generation(folder / (folder / "CURRENT").read_text().split()[0])
        found = build.retriever(generation, encoder, analyzer, tuned().fusion)
        hits.append(found.search("나침반은 언제 닦아요?", 20))
    assert hits[0] == hits[1]
    assert hits[0][0].passage.plain == "마지막으로 나침반을 닦는다."
