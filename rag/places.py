"""The highest and the lowest of several, in the words in which the lesson calls them."""

from __future__ import annotations

import re
from weakref import WeakKeyDictionary

from rag.lesson import Lesson, label

_MOST = r"(?:맨|가장|제일|(?<![가-힣])젤)\s*"
_ENDS = (
    re.compile(rf"{_MOST}(?:위(?=[\s쪽는에의가로]|$)|윗|상위|상단|꼭대기)|최상[위단]"),
    re.compile(rf"{_MOST}(?:아래|아랫|밑|하위|하단|바닥)|최하[위단]"),
)
# Of each lesson in use: what its labels call the highest and the lowest, None without one word.
_called: WeakKeyDictionary[Lesson, tuple[str | None, ...]] = WeakKeyDictionary()


def as_called(text: str, lesson: Lesson) -> str:
    """The text with the lesson's own word for the highest and the lowest of several.

    "맨 위 계층은?" is "최상위 계층은?" where a bullet or heading is called so, and none otherwise.
    """
    if not any(end.search(text) for end in _ENDS):
        return text
    if lesson not in _called:
        labels = [label(p) for p in lesson.passages if p.kind in ("item", "heading")]
        said = [{m[0] for name in labels if (m := end.search(name))} for end in _ENDS]
        _called[lesson] = tuple(words.pop() if len(words) == 1 else None for words in said)
    for end, word in zip(_ENDS, _called[lesson], strict=True):
        text = end.sub(word, text, count=1) if word else text
    return text
