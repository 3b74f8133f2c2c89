"""Where the sentences of a passage begin and end, as offsets into the passage's own text."""

from __future__ import annotations

import re

# A sentence ends at . ? ! or their full-width forms, with the quotes and brackets that close it,
# when white space follows. "3.5" and "v2.0" have no space inside; "1. " is kept with what follows
# by the minimum length below. Hangul counts: RAGFlow's splitter, for one, misses "다. 그".
_END = re.compile(r"[.?!。？！…]+[\"'”’)\]」』》*_`]*(?=\s)|(?<=[다요까죠])(?=\n)")
# "2024. 7. 29." and "7. 1. ~ 7. 12." are dates, as Korean offices write them.
_DATE = re.compile(r"(?<!\d)\d{1,4}\.\s?\d{1,2}\.(?:\s?\d{1,2}\.)?(?!\d)")
_SHORTEST = 6  # characters; a shorter piece ("1.", "예.", "Dr.") stays with the next one


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """The sentences of ``text``, in order, as (start, end) without surrounding white space.

    Every character that is not white space is in exactly one span; text with no sentence end is
    one span; empty or blank text has none.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    dates = [match.span() for match in _DATE.finditer(text)]
    for match in _END.finditer(text):
        if any(first < match.end() <= last for first, last in dates):
            continue
        if len(text[start : match.end()].strip()) < _SHORTEST:
            continue
        spans.append(_trim(text, start, match.end()))
        start = match.end()
    if text[start:].strip():
        last = _trim(text, start, len(text))
        if spans and last[1] - last[0] < _SHORTEST:
            spans[-1] = (spans[-1][0], last[1])
        else:
            spans.append(last)
    return spans


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
