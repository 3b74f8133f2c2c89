"""Why an answer is what it is: every step of the path, for ``ask --explain`` and the page."""

from __future__ import annotations

from collections.abc import Iterator

from rag.assistant import Assistant
from rag.trace import Trace
from rag.tuned import Tuned

_HITS = 8  # shown; the evidence is hardly ever chosen from further down
_FAINT = 0.2  # weight of a word that stands for another; not shown
_WIDTH = 60  # characters of a passage


def explain(assistant: Assistant, trace: Trace, language: str) -> Iterator[str]:
    """The lines: the question as understood, its words, hits with scores, and the decision."""
    korean = language == "ko"
    question = trace.question
    yield f"{'이해한 질문' if korean else 'Understood'}: {question.text}  ({question.kind})"
    known = assistant.alternatives([term.form for term in question.content])
    for term, stand_ins in zip(question.content, known, strict=True):
        others = ", ".join(
            f"{form} {weight:.2f}"
            for form, weight in stand_ins.items()
            if form != term.form and weight > _FAINT
        )
        yield f"  {term.form}/{term.tag}" + (f"  ~ {others}" if others else "")
    yield "찾은 단락" if korean else "Hits"
    yield f"  {'score':>7} {'dense':>6} {'words':>6} {'read':>6}"
    chosen = {item.passage.id for item in trace.evidence}
    for hit in trace.hits[:_HITS]:
        mark = "*" if hit.passage.id in chosen else " "
        words = hit.passage.plain[:_WIDTH]
        read = f"{hit.features['read']:>6.2f}" if "read" in hit.features else f"{'-':>6}"
        yield f" {mark}{hit.score:>7.2f} {hit.dense:>6.2f} {hit.lexical:>6.2f} {read}  {words}"
    yield from _decision(trace, assistant.numbers, korean)


def _decision(trace: Trace, numbers: Tuned, korean: bool) -> Iterator[str]:
    decision, weights = trace.decision, numbers.abstain
    if decision.answerable:
        verdict = "답함" if korean else "answer"
    else:
        verdict = "답하지 않음" if korean else "abstain"
    yield (
        f"{'판단' if korean else 'Decision'}: {verdict} "
        f"({decision.probability:.2f}, {'기준' if korean else 'threshold'} {weights.threshold:.2f})"
    )
    parts = {name: weights.weights.get(name, 0.0) * v for name, v in decision.features.items()}
    for name, part in sorted(parts.items(), key=lambda item: -abs(item[1])):
        if abs(part) >= 0.005:
            yield f"  {name:<16}{decision.features[name]:>6.2f}  {part:+.2f}"
