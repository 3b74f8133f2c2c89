"""Finding passages for a query: words and meaning, fused by measured weights."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

import numpy as np

from index.fields import fields
from index.related import RelatedWords, word_list
from index.terms import LessonAnalyzer, character_bigrams, content_terms, with_words
from index.vectors import FloatArray, RowArray, VectorIndex
from index.views import VIEWS, View, units
from rag.asking import ASKING
from rag.errors import IndexDamaged
from rag.hanja import in_hangul
from rag.lesson import Lesson, Passage
from rag.search import Analyzer, Hit
from rag.spacing import Spacing
from rag.spelling import Vocabulary
from rag.synonyms import SYNONYMS
from rag.tuned import FusionWeights

# How many passages each leg brings for exact scoring; a lesson has fewer, so all of it is scored.
_CANDIDATES = 200
# Alternatives of a word in BM25: from this weight on, and by these shares for a word that the
# lesson has and for one that it lacks.
_SURE, _KNOWN_SHARE, _UNKNOWN_SHARE = 0.5, 0.3, 0.8
# Questions about nothing that a lesson is likely to be about: how close to it they are all the
# same is where the closeness of a question starts to say something.
_UNRELATED = (
    "어제 축구 경기에서 누가 이겼어?",
    "우산을 버스에 두고 내렸는데 어떻게 찾나요?",
    "고양이가 밤마다 우는 까닭이 뭐예요?",
    "기타 줄은 언제 갈아야 하나요?",
    "주말에 비가 올까요?",
    "감기에 걸리면 어떤 차를 마시면 좋아요?",
    "결혼식에 갈 때 무슨 옷을 입어요?",
    "What is your favourite song?",
)
_REMEMBERED = 5_000  # words whose alternatives are kept


class QueryEncoder(Protocol):
    """The half of an encoder that searching needs."""

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """(len(texts), dimension) unit vectors of questions."""
        ...

    def encode_words(self, words: Sequence[str]) -> FloatArray:
        """(len(words), word_dimension) unit vectors of single words."""
        ...


class HybridRetriever:
    """BM25 and cosine similarity over three views of each passage, summed with given weights.

    The views are a passage's own words, the words of what it hangs under, and the words of what
    hangs under it. Immutable after construction, so any number of threads may search it.
    """

    def __init__(
        self,
        lesson: Lesson,
        terms: Sequence[Sequence[str]],
        vectors: VectorIndex,
        words: FloatArray,
        encoder: QueryEncoder,
        analyzer: Analyzer,
        weights: FusionWeights,
    ) -> None:
        """``terms[i]``: the content terms of passage i. ``vectors``: of ``units(lesson)``.

        ``words``: the vectors of ``word_list(terms)``.

        Raises IndexDamaged when the vectors are not those of the lesson's units.
        """
        texts = units(lesson)
        terms = with_words(terms, [passage.plain for passage in lesson.passages])
        if len(texts) != len(vectors):
            raise IndexDamaged(
                "The index's vectors do not belong to its passages; run `lesson-qa index build`.",
                "색인의 벡터가 단락과 맞지 않습니다. `lesson-qa index build`를 실행해 주세요.",
            )
        self.lesson = lesson
        self._vectors, self._encoder, self._weights = vectors, encoder, weights
        self._unit_passage = np.array([unit.row for unit in texts])
        self._sources = np.array([passage.source for passage in lesson.passages])
        self._unit_view = np.array([VIEWS.index(unit.view) for unit in texts])
        self._fields = fields(lesson, terms)
        self.vocabulary = Vocabulary(
            (term for row in terms for term in row), (p.plain for p in lesson.passages)
        )
        self._spacing = Spacing(passage.plain for passage in lesson.passages)
        self._terms = {p.id: frozenset(row) for p, row in zip(lesson.passages, terms, strict=True)}
        forms = {term for row in terms for term in row}
        self.analyzer = LessonAnalyzer(analyzer, forms)
        self._related = RelatedWords(word_list(terms), words, forms - ASKING)
        self._alternatives: dict[str, Mapping[str, float]] = {}
        far = encoder.encode_queries(_UNRELATED) @ vectors.vectors.mean(axis=0)
        self._floor = np.float32(min(float(np.median(far)), 0.95))

    def search(self, query: str, k: int, sources: Collection[str] = ()) -> list[Hit]:
        """At most k hits, best first, equal scores in reading order; from ``sources`` alone."""
        lexical = self._lexical(query)
        vector = self._encoder.encode_queries([query])[0]
        rows = self._candidates(np.sum(list(lexical.values()), axis=0), vector, sources)
        dense, sentences = self._dense(vector, rows)
        fused = sum(
            self._weights.lexical[view] * lexical[view][rows]
            + self._weights.dense[view] * np.maximum(dense[view], 0.0)
            for view in VIEWS
        )
        best = np.lexsort((rows, -np.asarray(fused)))[:k]
        return [
            Hit(
                passage=self.lesson.passages[rows[i]],
                score=float(np.asarray(fused)[i]),
                dense=float(max(dense[view][i] for view in VIEWS)),
                lexical=float(sum(lexical[view][rows[i]] for view in VIEWS)),
                features={
                    **{f"lexical_{view}": float(lexical[view][rows[i]]) for view in VIEWS},
                    **{f"dense_{view}": float(dense[view][i]) for view in VIEWS},
                },
                sentences=sentences[i],
            )
            for i in best
        ]

    def correct(self, text: str) -> str:
        """The text with names the corpus lacks spelt as the corpus spells what they sound like, and
        its words parted as there.
        """
        text = self._spacing.as_written(text)
        spelt = self.vocabulary.correct(text, self.analyzer.terms(text))
        return in_hangul(spelt, self.vocabulary.beginnings)

    def knows(self, form: str) -> bool:
        """Whether some passage has this term, in either script."""
        return len(self.vocabulary.variants(form)) > 1 or self.vocabulary.knows(form)

    def rarity(self, form: str) -> float:
        """The inverse document frequency of a term over the passages, at least 0."""
        return self._fields["own"].morphemes.rarity(form)

    def terms_of(self, passage: Passage) -> frozenset[str]:
        """The content terms of a passage."""
        return self._terms[passage.id]

    def alternatives(self, forms: Sequence[str]) -> list[Mapping[str, float]]:
        """For each term of a question, the terms of the lesson that stand for it, with weights.

        The term itself counts 1; what sounds like it in the other script and what means about the
        same count less.
        """
        # Looked at once: another thread may put a fresh memory in its place at any time.
        memory = self._alternatives if len(self._alternatives) < _REMEMBERED else {}
        new = [form for form in dict.fromkeys(forms) if form not in memory]
        if new:
            # One word at a time: beside others its vector differs in the last bits, and what an
            # answer is must not hang on which words were asked before.
            meant = [self._related.near(self._encoder.encode_words([form]))[0] for form in new]
            memory = {**memory, **dict(zip(new, map(self._standing_for, new, meant), strict=True))}
            self._alternatives = memory
        return [memory[form] for form in forms]

    def _standing_for(self, form: str, related: Mapping[str, float]) -> Mapping[str, float]:
        sources = (self.vocabulary.variants(form), SYNONYMS.get(form, {}), related)
        return {
            other: max(source.get(other, 0.0) for source in sources)
            for other in dict.fromkeys(other for source in sources for other in source)
        }

    def _searched(self, word: str, known: Mapping[str, float]) -> Mapping[str, float]:
        """The alternatives of a word that BM25 looks for: the surest, and less where it is known.

        A rare word that only means about the same would otherwise outweigh the word itself.
        """
        share = _KNOWN_SHARE if word in known and self.vocabulary.knows(word) else _UNKNOWN_SHARE
        return {
            other: weight if other == word else weight * share
            for other, weight in known.items()
            if other == word or weight >= _SURE
        }

    def _lexical(self, query: str) -> dict[View, FloatArray]:
        words = list(dict.fromkeys(content_terms(self.analyzer.terms(query))))
        terms = [
            self._searched(word, known)
            for word, known in zip(words, self.alternatives(words), strict=True)
        ]
        pairs = [{pair: 1.0} for pair in dict.fromkeys(character_bigrams(query))]
        return {view: part.scores(terms, pairs) for view, part in self._fields.items()}

    def _candidates(
        self, lexical: FloatArray, vector: FloatArray, sources: Collection[str]
    ) -> RowArray:
        """Rows of the passages worth scoring exactly, in reading order."""
        among = None
        if sources:
            wanted = np.isin(self._sources, list(sources))
            lexical, among = lexical * wanted, np.flatnonzero(wanted[self._unit_passage])
        by_words = np.lexsort((np.arange(len(lexical)), -lexical))[:_CANDIDATES]
        _, closest = self._vectors.search(vector, _CANDIDATES * len(VIEWS), among)
        return np.union1d(by_words[lexical[by_words] > 0], self._unit_passage[closest])

    def _dense(
        self, vector: FloatArray, rows: RowArray
    ) -> tuple[dict[View, FloatArray], list[tuple[float, ...]]]:
        """For each view, how close each passage in ``rows`` comes (0 for a view it lacks).

        And for each passage how close each of its sentences is, in order. A cosine counts from
        what an unrelated question gets: encoders differ in it (0.1 and 0.8 for the packaged ones).
        """
        chosen = np.flatnonzero(np.isin(self._unit_passage, rows))
        cosines = self._vectors.score(vector, chosen)
        scores = (cosines - self._floor) / (1.0 - self._floor)
        places = np.searchsorted(rows, self._unit_passage[chosen])
        found: dict[View, FloatArray] = {}
        for number, view in enumerate(VIEWS):
            best = np.full(len(rows), -np.inf, dtype=np.float32)
            mine = self._unit_view[chosen] == number
            np.maximum.at(best, places[mine], scores[mine])
            found[view] = np.where(np.isfinite(best), best, 0.0).astype(np.float32)
        # A passage of one sentence under nothing is its own context.
        bare = found["context"] == 0.0
        found["context"] = np.where(bare, found["own"], found["context"])
        sentences: list[list[float]] = [[] for _ in rows]
        for place, score, number in zip(places, scores, self._unit_view[chosen], strict=True):
            if VIEWS[number] == "own":
                sentences[place].append(float(score))
        return found, [tuple(row) for row in sentences]
