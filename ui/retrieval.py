"""Retrieval measures through ir_measures (MacAvaney, Macdonald and Ounis, 2022)."""

from __future__ import annotations

from collections.abc import Sequence

import ir_measures
from ir_measures import RR, R, Success, nDCG

from rag.evaluation import Row

_NAMES = {
    "R@1": R @ 1,
    "R@3": R @ 3,
    "R@5": R @ 5,
    "Success@1": Success @ 1,
    "Success@3": Success @ 3,
    "Success@5": Success @ 5,
    "MRR@10": RR @ 10,
    "nDCG@10": nDCG @ 10,
}


def retrieval(rows: Sequence[Row]) -> dict[str, float]:
    """nDCG@10, recall and success at 1, 3 and 5, and MRR@10, over the questions with gold evidence.

    A question for which nothing was found counts as zero.
    """
    judged = [row for row in rows if row.relevant]
    if not judged:
        return {}
    gold = [
        ir_measures.Qrel(str(n), name, 1) for n, row in enumerate(judged) for name in row.relevant
    ]
    run = [
        ir_measures.ScoredDoc(str(n), name, -float(place))
        for n, row in enumerate(judged)
        for place, name in enumerate(row.ranked)
    ]
    found = ir_measures.calc_aggregate(_NAMES.values(), gold, run)
    return {name: round(float(found[measure]), 4) for name, measure in _NAMES.items()}
