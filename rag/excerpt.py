"""Which sentences of a paragraph answer a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from math import exp

from rag.lesson import Passage
from rag.question import Question
from rag.search import Hit
from rag.sentences import sentence_spans

LONGEST_PLACE = 220  # characters of one paragraph: about four sentences
LONGEST_READ = 260  # the same of what a reader is shown
_READINGS = 4  # of one paragraph
_BEFORE = 1e-3  # that a sentence comes before all others by
# The softmax of so many times their scores tells how likely sentences hold the answer; sentences
# follow until they hold it so surely. On the development questions, with sentences until there was
# no more room: 90.5 % right, citation precision 44 %, 230 characters; so: 90.3, 52 and 212; with
# 0.97 90.0 and 54, with 0.95 89.6 and 55.
_KEEN, _SURE = 4.0, 0.98
# Sentences that begin so are about what the one before says, or say more of it.
_POINTS_BACK = re.compile(r"[이그](?:를|는|것|로써|때|러|렇|와|에|들|런|후|뒤| )|또한|즉")
_GOES_ON = re.compile(r"대신|하지만|그러나|다만|단,|반면|반대로|왜냐|그러면|따라서|그래서")
_ORDINAL = re.compile(
    r"(?:[가-힣]+ )*?(?:첫째|둘째|셋째|넷째|다섯째|여섯째|"
    r"(?:첫|두|세|네|다섯|여섯) ?번째|먼저|다음으로|끝으로|마지막으로)[\s,는은로]"
)


def best_sentences(
    question: Question, hit: Hit, longest: int = LONGEST_PLACE
) -> list[tuple[int, int]]:
    """The spans of the passage's text that answer best, in reading order.

    Short passages are taken whole. In a longer one the sentence that answers best is taken, and
    what follows and precedes it as long as there is room: a sentence rarely answers alone. Where
    all of something is asked for and sentences count ("first, ... second, ..."), those are taken.
    """
    text = hit.passage.text
    spans = sentence_spans(text)
    if hit.passage.kind in ("code", "row", "heading") or len(spans) < 2:
        return [(0, len(text))]
    counted = [span for span in spans if _ORDINAL.match(text[span[0] : span[1]].lstrip())]
    if question.kind in ("list", "procedure") and len(counted) > 1:
        return counted
    scores = sentence_scores(hit, len(spans))
    first = last = max(range(len(spans)), key=lambda i: (scores[i], -i))
    for after in (True, False, True, True, False, True, False):
        place = last + 1 if after else first - 1
        if not 0 <= place < len(spans):
            continue
        low, high = (first, place) if after else (place, last)
        if _length(spans, low, high) <= longest:
            first, last = low, high
    return spans[first : last + 1]


def answering_sentences(question: Question, hit: Hit, longest: int) -> list[tuple[int, int]]:
    """The spans of the passage's text that an answer takes over, in reading order.

    As ``best_sentences``, but no more than it needs: until it is sure enough that the answer is
    among them, with what they cannot be understood without.
    """
    most = best_sentences(question, hit, longest)
    if len(most) < 2 or told_whole(question, hit.passage, longest):
        return most
    text = hit.passage.text
    spans = sentence_spans(text)
    scores = sentence_scores(hit, len(spans))
    weights = [exp(_KEEN * (score - max(scores))) for score in scores]
    first = last = weights.index(max(weights))
    while sum(weights[first : last + 1]) < _SURE * sum(weights):
        beside = [n for n in (last + 1, first - 1) if 0 <= n < len(spans)]
        beside = [n for n in beside if _length(spans, min(first, n), max(last, n)) <= longest]
        if not beside:
            break
        chosen = max(beside, key=lambda n: weights[n])
        first, last = min(first, chosen), max(last, chosen)
    opens = text[slice(*spans[first])]
    if first and (_POINTS_BACK.match(opens) or _GOES_ON.match(opens)):
        first -= 1
    while last + 1 < len(spans) and _GOES_ON.match(text[slice(*spans[last + 1])]):
        if _length(spans, first, last + 1) > longest:
            break
        last += 1
    return spans[first : last + 1]


def told_whole(question: Question, passage: Passage, longest: int = LONGEST_PLACE) -> bool:
    """Whether sentences of the passage are taken as long as there is room: a short bullet makes one
    point, and a list, a way to do something or a comparison is told by more than one sentence.
    """
    short = passage.kind == "item" and len(passage.text) <= longest
    return short or question.kind in ("list", "procedure", "comparison")


def _length(spans: Sequence[tuple[int, int]], first: int, last: int) -> int:
    return spans[last][1] - spans[first][0]


def readings(question: Question, hit: Hit) -> list[Hit]:
    """The hit, and of a long paragraph the hit again for each part of it that is not shown then.

    They differ in ``sentences``, the best parts first, at most _READINGS of them.
    """
    text = hit.passage.text
    found, shown = [hit], best_sentences(question, hit, LONGEST_READ)
    if len(text) <= LONGEST_READ or shown == [(0, len(text))]:
        return found
    spans = sentence_spans(text)
    scores = sentence_scores(hit, len(spans))
    seen = set(shown)
    while len(found) < _READINGS and len(seen) < len(spans):
        left = [n for n, span in enumerate(spans) if span not in seen]
        best = max(left, key=lambda n: (scores[n], -n))
        raised = (*scores[:best], max(scores) + _BEFORE, *scores[best + 1 :])
        found.append(replace(hit, sentences=raised))
        seen |= {spans[best], *best_sentences(question, found[-1], LONGEST_READ)}
    return found


def sentence_scores(hit: Hit, count: int) -> tuple[float, ...]:
    """How well each of the passage's sentences answers; 0 where that is not known of just these."""
    return hit.sentences if len(hit.sentences) == count else (0.0,) * count
