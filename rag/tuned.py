"""Every number that was tuned, read from one file that says which run made it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """Weights of the lexical and dense scores of each view ("own", "context", "below")."""

    lexical: Mapping[str, float]
    dense: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class AbstainWeights:
    """A logistic regression over ``rag.abstain.features``; answers from ``threshold`` up."""

    bias: float
    weights: Mapping[str, float]
    threshold: float


@dataclass(frozen=True, slots=True)
class Tuned:
    """The tuned numbers; ``run`` says how and on what they were made."""

    fusion: FusionWeights
    ranking: Mapping[str, float]  # of ``rag.ranking.features``
    abstain: AbstainWeights
    run: str


FILE = files("rag") / "tuned.json"  # the numbers of each encoder they were made for, by its name
_DEFAULT = "use-multilingual-v3"  # whose numbers serve for an encoder that has none of its own


def with_numbers(text: str, encoder: str, numbers: Tuned) -> str:
    """The text of the file with one encoder's numbers put in or replaced."""
    everything = {**json.loads(text), encoder: asdict(numbers)}
    return json.dumps(everything, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@cache
def tuned(encoder: str = _DEFAULT) -> Tuned:
    """The numbers made for an encoder, else those of the default encoder."""
    everything = json.loads(FILE.read_text(encoding="utf-8"))
    raw = everything.get(encoder, everything[_DEFAULT])
    return Tuned(
        fusion=FusionWeights(**raw["fusion"]),
        ranking=raw["ranking"],
        abstain=AbstainWeights(**raw["abstain"]),
        run=raw["run"],
    )
