"""Which sentences of a paragraph answer a question."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.question import Question
from rag.search import Hit
from rag.sentences import sentence_spans

LONGEST_PLACE = 220  # characters of one paragraph: about four sentences
LONGEST_READ = 260  # the same of what a reader is shown
_READINGS = 4  # of one paragraph
_BEFORE = 1e-3  # that a sentence comes before all others by
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
        if spans[high][1] - spans[low][0] <= longest:
            first, last = low, high
    return spans[first : last + 1]


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
