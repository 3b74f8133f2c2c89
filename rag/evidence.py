"""Which words of the lesson answer a question: chosen from the hits by the lesson's structure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from rag.excerpt import LONGEST_PLACE, LONGEST_READ, answering_sentences, best_sentences
from rag.lesson import NAMING, Lesson, Passage, label, split_name
from rag.naming import is_name, leads_in
from rag.question import Question
from rag.ranking import probabilities
from rag.search import Hit
from rag.sentences import sentence_spans
from rag.structure import answer_below, stands_alone, stated_count, step_after, whole_list

LONGEST_ANSWER = 450  # characters of quoted words of one place; longer lists are cut to names
_ONE_PLACE = 260  # the same where one fact is asked for
_MOST_ITEMS = 12  # of a list
_TOLD = 2  # pieces of evidence that say something of a bare name
_MOST_PLACES = 6  # separate places of the lesson that one answer draws on
# Characters: a further place must fit in what is left of them; no further place once the chosen
# ones hold the answer with probability _ENOUGH; each must be _UNLIKELY as likely as the best one.
# Of the answerable development questions, were each answered: 600, 0.95 and 0.03 93.7 % right with
# 38.3 % citation precision and 268 characters; these 93.5, 40.7 and 248; 0.8 instead of 0.9 92.7,
# 42.4 and 230; 0.12 instead of 0.05 92.7, 43.6 and 220; 400 characters instead of 600 92.8.
_ROOM, _ENOUGH, _UNLIKELY = 600, 0.9, 0.05
# Characters of one paragraph: in the first place, from this probability on, and in further ones.
_SURE, _SURE_PLACE, _FURTHER = 0.5, 360, 160
_SHOWN = 300  # characters in all of what a reader is shown
_LACKING = 0.2  # of the weight of the question's names
_NEAR = 6  # hits that tell whether a whole list is asked for
_BEST = 4  # hits that are not cut to their names in what hangs under another
Cut = Callable[[Question, Hit, int], list[tuple[int, int]]]  # to the sentences that are taken


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that the answer takes over: ``[start, end)`` of the passage's document.

    ``depth`` is 0 for a place of its own and 1 or more for what hangs under the one before.
    """

    passage: Passage
    start: int
    end: int
    score: float
    depth: int = 0


def choose(question: Question, hits: Sequence[Hit], lesson: Lesson) -> list[Evidence]:
    """The evidence for the question, in the order the answer gives it; empty without hits.

    A bullet brings its sub-bullets, a heading its section's outline, a paragraph its closest
    sentences. The best place is always taken; the next ones come along, without what hangs under
    them, while it is not likely enough that the answer is among those taken and there is room.
    """
    likely = dict(zip((hit.passage.id for hit in hits), probabilities(hits), strict=True))
    best = frozenset(hit.passage.id for hit in hits[:_BEST])
    chosen: list[Evidence] = []
    places: list[Passage] = []
    mass = 0.0
    for hit in hits:
        if mass >= _ENOUGH or len(places) == _MOST_PLACES:
            break
        if likely[hit.passage.id] < _UNLIKELY * likely[hits[0].passage.id]:
            break
        taken = {e.passage.id for e in chosen}
        if hit.passage.id in taken or (places and _adds_nothing(hit, hits[0], places, lesson)):
            continue
        sure = likely[hit.passage.id] >= _SURE
        longest = _FURTHER if places else _SURE_PLACE if sure else LONGEST_PLACE
        whole = _whole(question, hit, hits, lesson, taken)
        found = whole or _from_hit(question, hit, lesson, taken, longest)
        found = _within_budget(found, _budget(question), best)
        if places:
            bare = bool(whole) or _is_bare(hit.passage, lesson)
            found = _shallow(question, found, chosen, bare)
            if _length(chosen) + _length(found) > _ROOM or (bare and len(found) < _TOLD):
                continue
        places.append(hit.passage)
        chosen += found
        if whole and question.kind == "number":
            break  # so many there are
        mass += sum(
            likely.get(passage, 0.0) for passage in dict.fromkeys(e.passage.id for e in found)
        )
    return chosen


def _adds_nothing(hit: Hit, first: Hit, places: Sequence[Passage], lesson: Lesson) -> bool:
    """Whether a further hit is not taken along: it only announces or heads something, lacks names
    of the question that the first hit holds ("RX-9" for "RX-8"), or stands above a chosen place
    and its label in front of it says what it says ("Top layer", but not which one).
    """
    lacking = hit.features.get("names", 1.0) < first.features.get("names", 1.0) - _LACKING
    if hit.features.get("announces") or hit.passage.kind == "heading" or lacking:
        return True
    above = any(hit.passage in lesson.ancestors(place) for place in places)
    return above and not is_name(split_name(hit.passage.plain)[1])


def shown(question: Question, hit: Hit, lesson: Lesson) -> list[Evidence]:
    """The evidence that the hit alone would give."""
    found = _from_hit(question, hit, lesson, set(), LONGEST_READ, best_sentences)
    return _within_budget(found, _SHOWN)


def _is_bare(passage: Passage, lesson: Lesson) -> bool:
    """Whether a bullet is only the name of what hangs under it, and so says nothing alone."""
    return bool(lesson.children(passage)) and label(passage) == passage.plain


def _shallow(
    question: Question, found: Sequence[Evidence], chosen: Sequence[Evidence], bare: bool
) -> list[Evidence]:
    """A further place without what hangs under it; with it, where it fits, if a list is asked for
    or the place says nothing alone (``bare``).
    """
    level = int(question.kind == "list" or bare)
    kept = [evidence for evidence in found if evidence.depth <= level]
    return (
        kept
        if _length(chosen) + _length(kept) <= _ROOM
        else [evidence for evidence in found if not evidence.depth]
    )


def _whole(
    question: Question, hit: Hit, hits: Sequence[Hit], lesson: Lesson, taken: set[str]
) -> list[Evidence]:
    """The whole list that the hit is an item of, below what it hangs under, if that is asked."""
    near = [other.passage for other in hits[:_NEAR]]
    group = whole_list(question, hit.passage, near, lesson)
    above = lesson.parent(group[0]) if group else None
    head = [] if above is None else [(above, 0)]
    most = max(_MOST_ITEMS, stated_count(question.text) or 0)
    return [
        Evidence(passage, passage.start, passage.end, hit.score, depth)
        for passage, depth in [*head, *((p, len(head)) for p in group[:most])]
        if passage.id not in taken
    ]


def choose_both(
    question: Question, both: Sequence[Hit], hits: Sequence[Hit], lesson: Lesson
) -> list[Evidence]:
    """The evidence of a comparison: what is compared, side by side, and what hangs under each.

    ``hits`` of the whole question: the first of them keep their words.
    """
    chosen: list[Evidence] = []
    for hit in both:
        chosen += _from_hit(question, hit, lesson, {e.passage.id for e in chosen})
    best = frozenset(hit.passage.id for hit in hits[:_BEST])
    return _within_budget(chosen, LONGEST_ANSWER, best)


def _budget(question: Question) -> int:
    """Characters of one place: a question for one fact wants no long list around it."""
    wants_all = question.kind in ("list", "definition", "procedure")
    return LONGEST_ANSWER if wants_all else _ONE_PLACE


def _from_hit(
    question: Question,
    hit: Hit,
    lesson: Lesson,
    taken: set[str],
    longest: int = LONGEST_PLACE,
    cut: Cut = answering_sentences,
) -> list[Evidence]:
    passage = hit.passage
    answer = answer_below(passage, lesson)
    if answer is not None:
        hit = replace(hit, passage=answer, sentences=())
        passage = answer
    found: list[Evidence] = []
    if passage.id not in taken:
        found += [
            Evidence(passage, passage.start + start, passage.start + end, hit.score)
            for start, end in cut(question, hit, longest)
        ]
    found += [
        Evidence(below, below.start, below.end, hit.score, depth)
        for below, depth in _outline(passage, lesson)
        if below.id not in taken and not stands_alone(question, passage)
    ]
    following = step_after(question, passage, lesson)
    if following is not None and following.id not in taken:
        found.append(Evidence(following, following.start, following.end, hit.score))
    return found


def _outline(passage: Passage, lesson: Lesson) -> list[tuple[Passage, int]]:
    """What hangs under the passage, two levels deep, with depths from 1.

    A paragraph that only introduces a list gives its place to the list.
    """
    found: list[tuple[Passage, int]] = []
    for child in lesson.children(passage)[:_MOST_ITEMS]:
        found.append((child, 1))
        introduces = child.kind == "paragraph"
        for grandchild in lesson.children(child)[:_MOST_ITEMS]:
            found.append((grandchild, 1 if introduces else 2))
    return found


def _within_budget(
    evidence: Sequence[Evidence], longest: int, best: Collection[str] = ()
) -> list[Evidence]:
    """To keep answers short, the deepest evidence is left out, then lists are cut to names.

    ``best`` are the ids of passages that are kept whole, unless one is long.
    """
    kept = list(evidence)
    whole = {e.passage.id for e in kept if e.passage.id in best and _length([e]) <= LONGEST_PLACE}
    # An answer names what it leads in to; a reader has not learnt to read such names.
    leads = {e.passage.id for e in kept if best and leads_in(e.passage)}
    if _length(kept) > longest:
        kept = [
            _named(e) if e.depth > 1 and e.passage.id not in whole else e
            for e in kept
            if e.depth < 2 or e.passage.id in whole or e.passage.parent in leads
        ]
    if _length(kept) > longest:
        kept = [_named(e) if e.depth and e.passage.id not in whole else e for e in kept]
    return kept


def _length(evidence: Iterable[Evidence]) -> int:
    return sum(e.end - e.start for e in evidence)


_NAME = re.compile(rf"\*{{0,2}}[^:*\n]{{1,80}}\*{{0,2}}(?=\s*{NAMING})")


def _named(evidence: Evidence) -> Evidence:
    """The evidence cut to the name before its colon, or to its first sentence."""
    text = evidence.passage.text
    name = _NAME.match(text)
    end = name.end() if name else (sentence_spans(text) or [(0, len(text))])[0][1]
    return Evidence(
        evidence.passage,
        evidence.start,
        evidence.start + end,
        evidence.score,
        evidence.depth,
    )
