"""Whether the evidence answers the question, decided by measured features that can be read."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.coverage import NAMES, Coverage
from rag.evidence import Evidence
from rag.expected import expects_value, lacks_its_words, lacks_what_is_asked
from rag.lesson import Lesson, Passage
from rag.naming import asked_before
from rag.question import Question
from rag.ranking import probabilities
from rag.reading import READ
from rag.search import Hit, Retriever, Term
from rag.sentences import sentence_spans
from rag.structure import counted_list, counted_noun
from rag.tuned import AbstainWeights

_LITTLE = 0.3  # of a cosine: less says the question is about something else
_NOUNS = NAMES | {"NNG", "XR"}
_KOREAN = 4  # syllables of Hangul
# Of 2,560 answerable questions, of development and others, two were answered right that have a
# name less known than so, and one of them is likelier than so to be answered; of 980 others six
# were answered, and five of them are less likely.
_KNOWN, _LIKELY = 0.5, 0.6
_NAME = re.compile(r"(?<![\w(./@`'\"-])[A-Za-z][A-Za-z0-9]+(?![A-Za-z0-9)./@`'\"-])")
_MOST = frozenset({"최근", "최신", "최대", "최소", "최고", "최저", "나중", "중", "가운데"})
_PERSON = re.compile(r"\b[A-Z][a-z]+(?:\s+(?:[A-Z]\.|[a-z]{2,3}))*\s+[A-Z][a-z]+(?![A-Za-z])")
_SUBJECT = re.compile(r"(은|는|이|가)(\s|$)")
_ASKED = re.compile(r"누구|누가|뭐|무엇|뭔|뭘|어디|언제|어떻|어때|몇|며칠|얼마|왜|이유|알려|설명")


@dataclass(frozen=True, slots=True)
class Decision:
    """``probability`` that the evidence answers, in [0, 1], and the features it was made of."""

    answerable: bool
    probability: float
    features: Mapping[str, float]


def judge(
    question: Question,
    hits: Sequence[Hit],
    evidence: Sequence[Evidence],
    lesson: Lesson,
    retriever: Retriever,
    weights: AbstainWeights,
    picked: bool = False,
) -> Decision:
    """Logistic regression over ``features``; ``rag/tuned.json`` holds weights and threshold.

    ``picked``: the evidence is the largest of several by its number, whatever its words say.
    """
    if not hits or not evidence:
        return Decision(False, 0.0, {})
    values = features(question, hits, evidence, lesson, retriever)
    logit = weights.bias + sum(weights.weights.get(k, 0.0) * v for k, v in values.items())
    probability = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))
    counted = bool(counted_list(question.text, evidence[0].passage, lesson))
    lacking = any(values[name] for name in ("gap", "strange", "name_missing", "lacking"))
    # A list tells how many there are of what its items are called, which no sentence says.
    answerable = probability >= weights.threshold or (counted and not lacking)
    passages = list(dict.fromkeys(e.passage for e in evidence))
    own, around = (" ".join(p.plain for p in ps) for ps in (passages, _around(passages, lesson)))
    answerable = answerable or (picked and _nouns_held(question, passages, lesson, retriever))
    lacks = not picked and lacks_its_words(question.text, own, around)
    if lacks or (probability < _LIKELY and _names_unknown(question, retriever)):
        answerable = False  # whatever else the lesson says of it
    return Decision(answerable, probability, values)


def _nouns_held(
    question: Question, passages: Sequence[Passage], lesson: Lesson, retriever: Retriever
) -> bool:
    """Whether the passages, and what is around them, speak of everything that is asked about."""
    nouns = [t for t in question.content if t.tag in _NOUNS and t.form not in _MOST]
    coverage = Coverage(nouns, retriever)
    return min(coverage.held(*passages, *_around(passages, lesson)), default=1.0) >= _KNOWN


def _names_unknown(question: Question, retriever: Retriever) -> bool:
    """Whether a Korean question has a name in Latin letters that the lesson neither has nor knows
    by another word. A name as people have, in several words, a lesson may write in Hangul.
    """
    if sum("가" <= c <= "힣" for c in question.text) < _KOREAN:
        return False
    text = _PERSON.sub(" ", question.text)
    names = {name.casefold() for name in _NAME.findall(text)} - {"vs"}
    terms = [term for term in question.content if term.tag == "SL" and term.form in names]
    return any(known < _KNOWN for known in Coverage(terms, retriever).known())


def features(
    question: Question,
    hits: Sequence[Hit],
    evidence: Sequence[Evidence],
    lesson: Lesson,
    retriever: Retriever,
) -> dict[str, float]:
    """What the decision is made of, each about in [0, 1]; see the comments.

    Chosen by the area under the curve on documents left out, over 1,328 development questions of
    25 documents: what the reader says 0.892, the others 0.785, all 0.899. Which words of a place
    the reader would take for the answer, the question words, more of its and of the search's
    scores, the coverage of the verb and of the last noun, and margins added nothing.
    """
    best = hits[0].features
    read = [hit.features.get("read", 0.0) for hit in hits[:READ]]
    coverage = Coverage(question.content, retriever)
    passages = list(dict.fromkeys(e.passage for e in evidence))
    around = _around(passages, lesson)
    above = coverage.held(*around)
    either = [max(pair) for pair in zip(coverage.held(*passages), above, strict=True)]
    held = _with_counted(question, passages, coverage, either, lesson)
    weighed = list(zip(coverage.terms, coverage.weights, strict=True))
    nouns = [weight * (term.tag in _NOUNS) for term, weight in weighed]
    return {
        # The share of what is asked that the best hit, with what is around it, speaks of.
        "best": best.get("all", 0.0),
        # Off the subject altogether: no meaning in common.
        "far": max(0.0, 1 - max(hit.dense for hit in hits[:5]) / _LITTLE),
        "sure": probabilities(hits)[0],
        # What a reader says of the place it likes best, of the first, and of places in general.
        "read": max(read),
        "read_first": read[0],
        "read_mean": sum(read) / len(read),
        # Names that the lesson lacks, or the evidence: a person, another product.
        "strange": _missing(coverage.name_weights, coverage.known()),
        "name_missing": _missing(coverage.name_weights, held),
        # The heaviest word that nothing in the evidence speaks of.
        "gap": max((w * (1 - h) for w, h in zip(nouns, held, strict=True)), default=0.0) / 5,
        "subject": _subject_missing(question, weighed, held),
        **_value(question, passages, (*passages, *around), above, coverage, lesson),
        # Long questions are covered less by what answers them, and lists and definitions by
        # what their topic alone says.
        "long": min(len(question.content) / 10, 1.0),
        "list": float(question.kind == "list"),
        "definition": float(question.kind == "definition"),
        "foreign": float(sum("가" <= c <= "힣" for c in question.text) < 2),
    }


def _with_counted(
    question: Question,
    passages: Sequence[Passage],
    coverage: Coverage,
    held: Sequence[float],
    lesson: Lesson,
) -> list[float]:
    """How well each term is held; a list holds what it is a list of: steps, called so or not."""
    if not any(counted_list(question.text, passage, lesson) for passage in passages):
        return list(held)
    noun = counted_noun(question.text)
    return [1.0 if t.form in noun else h for t, h in zip(coverage.terms, held, strict=True)]


def _around(passages: Sequence[Passage], lesson: Lesson) -> list[Passage]:
    """What the passages hang under, answer to, or hold."""
    asked = [a for a in (asked_before(p, lesson) for p in passages) if a]
    return [*asked, *(a for p in passages for a in (*lesson.ancestors(p), *lesson.children(p)))]


def _subject_missing(
    question: Question, weighed: Sequence[tuple[Term, float]], held: Sequence[float]
) -> float:
    """The heaviest noun asked about ("총재는 누구", "봉우리가 뭐") that the evidence lacks."""
    return max(
        (
            min(weight * (1 - h) / 5, 1.0)
            for (term, weight), h in zip(weighed, held, strict=True)
            if term.tag in _NOUNS
            and _SUBJECT.match(question.text, term.end)
            and _ASKED.search(question.text, term.end)
        ),
        default=0.0,
    )


def _missing(weights: Sequence[float], held: Sequence[float]) -> float:
    return min(sum(w * (1 - h) for w, h in zip(weights, held, strict=True)) / 5, 1.0)


def _value(
    question: Question,
    passages: Sequence[Passage],
    everything: Sequence[Passage],
    above: Sequence[float],
    coverage: Coverage,
    lesson: Lesson,
) -> dict[str, float]:
    """Whether a number, an amount or a date is asked for, and whether the evidence, ``passages``
    and what is around them, holds it; a list holds the number of its items.
    """
    listed = any(counted_list(question.text, passage, lesson) for passage in passages)
    lacking = lacks_what_is_asked(question.text, " ".join(p.plain for p in everything))
    held = 1.0 if listed else _value_held(question, everything, above, coverage)
    return {
        "value": float(expects_value(question.text)),
        "value_held": held,
        "lacking": float(lacking and not listed),
    }


def _value_held(
    question: Question, passages: Sequence[Passage], above: Sequence[float], coverage: Coverage
) -> float:
    """How much of the question the sentence speaks of that holds such a value as is asked for.

    1 for a question that asks for no value, 0 when no sentence holds one.
    """
    if not expects_value(question.text):
        return 1.0
    best = 0.0
    for passage in passages:
        for start, end in sentence_spans(passage.plain):
            sentence = passage.plain[start:end]
            if not lacks_what_is_asked(question.text, sentence):
                inside = coverage.held_in_text(passage, sentence)
                both = [max(pair) for pair in zip(inside, above, strict=True)]
                best = max(best, coverage.share(both))
    return best
