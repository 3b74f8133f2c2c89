"""The whole product on one screen: understand, retrieve, choose, decide, write, cite.

question ──> understanding ──> hits ──> evidence ──> abstain?
                                                     ├── yes: say so, suggest what can be asked
                                                     └── no: write, cite ──> answer
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import lru_cache

from rag import conversation, pointing, suggest, topic
from rag.above import with_paragraphs
from rag.abstain import judge
from rag.answer import Answer, cite
from rag.comparison import sides
from rag.errors import QuestionError
from rag.evidence import Evidence, choose, choose_both
from rag.extractive import ExtractiveGenerator, Generator, numbered
from rag.lesson import Lesson, Passage
from rag.mentions import mentions
from rag.naming import asks_for, compares_named, named_by
from rag.overview import of_lesson_itself, overview
from rag.places import as_called
from rag.question import LONGEST_QUESTION, Question, clean, understand
from rag.ranking import rank
from rag.reading import Reader, read
from rag.rows import picked_rows
from rag.search import Analyzer, Hit, Retriever
from rag.smalltalk import reply, smalltalk, without_courtesy
from rag.steps import at_step
from rag.structure import counted_list, stated_count, told_below
from rag.trace import Trace
from rag.tuned import Tuned

_CHOICES = 16  # of documents, each remembered with its part of the lesson
_NEAR = 6  # hits that are looked at for a list that tells how many there are
_HITS = 60  # that evidence is chosen from; an answer rests on a few
# Of 20 orders among the development and other questions the most likely one has 0.72, of questions
# about prompts to a lesson on them the least likely one 0.86.
_SURE = 0.8
# Of 283 follow-ups, of development and other questions, none that is less likely than not to be
# answered when completed, and so much likelier as it stands, is answered worse so.
_CLEARLY = 0.1
_NOT_IN_LESSON = "강의에 없는 내용이에요."


class Assistant:
    """Answers questions about one lesson. Immutable: any number of threads may ask."""

    def __init__(
        self,
        lesson: Lesson,
        retriever: Retriever,
        analyzer: Analyzer,
        numbers: Tuned,
        generator: Generator | None = None,
        sources: frozenset[str] = frozenset(),
        reader: Reader | None = None,
    ) -> None:
        """``sources``: the documents of ``lesson``, when the retriever has more."""
        self._reader = reader
        self.lesson, self._sources = lesson, sources
        self._retriever, self._analyzer, self.numbers = retriever, analyzer, numbers
        self.alternatives = retriever.alternatives
        self._generator = generator or ExtractiveGenerator()
        # Kept, for students ask again: lessons of a choice of documents, examples of questions.
        self._narrowed = lru_cache(_CHOICES)(self._only)
        self._examples = lru_cache(_CHOICES)(lambda count: suggest.examples(lesson, count))

    def tuned_by(self, numbers: Tuned) -> Assistant:
        """The same assistant with other tuned numbers."""
        parts = (self._retriever, self._analyzer, numbers, self._generator)
        return Assistant(self.lesson, *parts, self._sources, self._reader)

    def within(self, sources: Collection[str]) -> Assistant:
        """The same assistant asked about some of its documents; none of them means about all.

        Raises QuestionError when there is no document of one of these names.
        """
        unknown = sorted(set(sources) - {document.source for document in self.lesson.documents})
        if unknown:
            raise QuestionError(
                f"There is no lesson {unknown[0]!r} here; choose one of those that are.",
                f"{unknown[0]!r} 강의는 여기에 없어요. 있는 강의 가운데에서 골라 주세요.",
            )
        return self._narrowed(frozenset(sources)) if sources else self

    def ask(self, question: str, history: Sequence[str] = (), *, id: str = "") -> Answer:
        """The answer to ``question``; ``history`` are the student's earlier ones, oldest first.

        Raises QuestionError when the question is empty, too long or broken.
        """
        started = time.perf_counter()
        asked = clean(question)
        talk = smalltalk(asked)
        if talk and not (talk == "instruction" and self._answers(asked, history)):
            answer = self._refuse(question, reply(talk), self._examples(3))
        else:
            answer = self._answer(question, self.trace(asked, history))
        elapsed = (time.perf_counter() - started) * 1000
        return replace(answer, id=id, elapsed_ms=round(elapsed, 3))

    def search(self, query: str, k: int = 10) -> Sequence[Hit]:
        """At most k passages for a query, best first, ranked as for an answer; nothing is decided.

        Raises QuestionError when the query is empty, too long or broken.
        """
        return self.trace(clean(query)).hits[:k]

    def examples(self, count: int = 4) -> tuple[str, ...]:
        """Questions that the lesson can answer."""
        return self._examples(count)

    def trace(self, asked: str, history: Sequence[str] = ()) -> Trace:
        """How the question is understood, what is found for it, and whether that answers it."""
        asked = without_courtesy(asked)
        resolved = self._resolve(asked, history)
        trace = self._traced(asked, resolved)
        likely = trace.decision.probability
        if resolved.alone and likely < 0.5:  # it may have lacked nothing
            alone = self._traced(asked, conversation.Resolved(resolved.alone))
            return alone if alone.decision.probability > likely + _CLEARLY else trace
        return trace

    def _traced(self, asked: str, resolved: conversation.Resolved) -> Trace:
        lesson, retriever, numbers = self.lesson, self._retriever, self.numbers
        question = understand(asked, resolved.text, self._analyzer)
        hits = self._search(question, resolved.focus)
        if self._reader:
            hits = read(question, hits, lesson, self._reader, numbers.ranking)
        resolved = at_step(resolved, question, hits, lesson, retriever)
        if resolved.pointed:  # nothing else is asked about, however well it matches
            hits = [h for h in hits if h.passage is resolved.focus] or hits
        section = resolved.whole or (bool(hits) and asks_for(question.text, hits[0].passage))
        itself = not (section or resolved.subject) and of_lesson_itself(question, lesson, retriever)
        whole = overview(question, lesson) if itself else []
        picked = [] if whole else picked_rows(question, hits, lesson)
        every = mentions(question, lesson, retriever)
        evidence = whole or picked or every or self._evidence(question, hits)
        parts = (lesson, retriever, numbers.abstain, bool(picked))
        decision = judge(question, hits, evidence, *parts)
        stands = section or compares_named(question, lesson, retriever)
        if whole or (evidence and stands):
            decision = replace(decision, answerable=True)  # what is asked for stands there
        evidence = with_paragraphs(question, evidence, hits, lesson)
        pointed = resolved.focus if resolved.pointed else None
        return Trace(question, hits, evidence, decision, resolved.subject, pointed)

    def _answers(self, asked: str, history: Sequence[str]) -> bool:
        """Whether the lesson answers even what sounds like an order: "프롬프트가 뭔지 알려 줘"."""
        return self.trace(asked, history).decision.probability >= _SURE

    def _resolve(self, asked: str, history: Sequence[str]) -> conversation.Resolved:
        """The question spelt as the lesson spells and, for a follow-up, made complete."""
        text = as_called(self._retriever.correct(asked), self.lesson)
        turns = [t for t in conversation.bounded(history, LONGEST_QUESTION) if not smalltalk(t)]
        fresh = pointing.undismissed(text)
        left = fresh != text and not pointing.points(fresh)
        if not turns or left or pointing.of_lesson(fresh):
            return conversation.Resolved(fresh)
        question = understand(asked, fresh, self._analyzer)
        return conversation.follow_up(question, turns, self._topic, self.lesson, self._retriever)

    def _topic(self, turns: Sequence[str]) -> topic.Topic | None:
        """What is talked about after these turns, each of which may itself be a follow-up."""
        last = self.trace(turns[-1], turns[:-1])
        if not last.hits:
            return None
        # Nothing was told about it, and not for want of a little: the topic is what was asked.
        unknown = last.decision.probability < self.numbers.abstain.threshold / 2
        evidence, said = () if unknown else last.evidence, (last.subject, last.pointed)
        return topic.topic_of(last.question, evidence, self.lesson, self._retriever, *said)

    def _search(self, question: Question, focus: Passage | None = None) -> Sequence[Hit]:
        found = self._retriever.search(question.text, _HITS, self._sources)
        return rank(question, found, self.lesson, self._retriever, self.numbers.ranking, focus)

    def _only(self, sources: frozenset[str]) -> Assistant:
        parts = (self._retriever, self._analyzer, self.numbers, self._generator)
        return Assistant(self.lesson.only(sources), *parts, sources, self._reader)

    def _evidence(self, question: Question, hits: Sequence[Hit]) -> list[Evidence]:
        """From the hits; for a comparison, from the best hit of either side; of what is named and
        asked about as a whole, what hangs under it.
        """
        below = told_below(question, self.lesson, self._retriever)
        holder = [hit for hit in hits if hit.passage is below]
        if holder:
            return choose(replace(question, kind="list"), holder, self.lesson)
        if hits and stated_count(hits[0].passage.plain) is None:
            counted = [
                h for h in hits[:_NEAR] if counted_list(question.text, h.passage, self.lesson)
            ]
            hits = [*counted[:1], *(hit for hit in hits if hit not in counted[:1])]
        pair = sides(question.text) if question.kind == "comparison" else None
        found: list[Hit] = []
        for side in pair or ():
            wanted = understand(side, side, self._analyzer)
            part = self._search(replace(wanted, kind="definition"))
            called = named_by(side, self.lesson, self._retriever)[:1]
            found += [hit for hit in part if hit.passage in called] or part[:1]
        if len({hit.passage.id for hit in found}) < 2:
            return choose(question, hits, self.lesson)
        return choose_both(question, found, hits, self.lesson)

    def _answer(self, question: str, trace: Trace) -> Answer:
        if not trace.decision.answerable:
            near = self._nearest(trace.hits, trace.question)
            refusal = self._refuse(question, _NOT_IN_LESSON, near)
            return replace(refusal, understood=trace.question.understood)
        statements = self._generator.write(trace.question, trace.evidence, self.lesson)
        text, order = numbered(statements)
        citations = tuple(
            cite(self.lesson, e.passage, e.start, e.end, number, trace.decision.probability)
            for number, e in ((n, trace.evidence[place]) for place, n in order.items())
        )
        return Answer(
            id="",
            question=question,
            answer=text,
            abstained=False,
            citations=citations,
            generator=self._generator.name,
            elapsed_ms=0.0,
            understood=trace.question.understood,
            suggestions=self._nearest(trace.hits, trace.question),
        )

    def _refuse(self, question: str, sentence: str, suggestions: tuple[str, ...]) -> Answer:
        return Answer(
            id="",
            question=question,
            answer=sentence,
            abstained=True,
            citations=(),
            generator=self._generator.name,
            elapsed_ms=0.0,
            suggestions=suggestions,
        )

    def _nearest(self, hits: Sequence[Hit], question: Question) -> tuple[str, ...]:
        """Up to three questions near what was found, else examples from the whole lesson."""
        near = suggest.nearby(self.lesson, hits[0].passage, question.text) if hits else ()
        return tuple(dict.fromkeys([*near, *self._examples(3)]))[:3]
