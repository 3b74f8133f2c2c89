"""Questions that the lesson can answer, made from its structure."""

from __future__ import annotations

from rag.lesson import Lesson, Passage, label
from rag.naming import NUMBERED, is_sentence, leads_in, topic_of, with_particle
from rag.normalize import match_key

_NAME_LENGTH = 40  # characters; a longer name makes no readable question


def examples(lesson: Lesson, count: int) -> tuple[str, ...]:
    """Questions about the bullets and sections with most below them, spread over the lesson."""
    named = [p for p in lesson.passages if lesson.children(p) and _askable(p)]
    named.sort(key=lambda p: (p.kind == "heading", -sum(1 for _ in lesson.subtree(p))))
    chosen = sorted(named[:count], key=lambda p: lesson.order[p.id])
    if len(chosen) < count:
        chosen += [p for p in lesson.passages if p not in chosen and p.kind == "item"][
            : count - len(chosen)
        ]
    return tuple(dict.fromkeys(_question(p, lesson) for p in chosen if _askable(p)))


def nearby(lesson: Lesson, passage: Passage, asked: str, count: int = 3) -> tuple[str, ...]:
    """Questions about the passage's neighbours and children, nearest first, not the one asked."""
    above = lesson.parent(passage)
    near = [
        *lesson.children(passage),
        *(p for p in lesson.siblings(passage) if p.id != passage.id),
        *(lesson.siblings(above) if above is not None else ()),
    ]
    found: dict[str, None] = {}
    for candidate in near:
        name = match_key(label(candidate))
        if _askable(candidate) and name not in match_key(asked):
            found.setdefault(_question(candidate, lesson))
    return tuple(found)[:count]


def _askable(passage: Passage) -> bool:
    return (
        passage.kind in ("item", "heading")
        and passage.parent is not None
        and not leads_in(passage)
        and len(label(passage)) <= _NAME_LENGTH
        and not is_sentence(label(passage))
    )


def _question(passage: Passage, lesson: Lesson) -> str:
    name = NUMBERED.sub("", label(passage))
    above = topic_of(passage, lesson)
    if above is not None and above.kind == "item" and not lesson.children(passage):
        return f"{label(above)}의 {with_particle(f'‘{name}’', '은')} 무엇인가요?"
    return f"{with_particle(name, '은')} 무엇인가요?"
