"""What the reader that learns is told it got wrong."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

from index.reader import padded
from index.reader_examples import Row

_COMPETE = 0.5  # how much places against each other count beside each by itself
_AMONG, _ELSEWHERE = 3.0, 0.3  # how much a piece of the answering words counts, and of wrong places
_LACKING, _GIVEN = 1.0, 0.15  # the same of the question's pieces: that lack an answer, and others


def place_loss(scores: Tensor, right: Tensor, asked: Tensor) -> Tensor:
    """Each place by itself, and those of one question against each other.

    ``scores``, ``right`` (0 or 1) and ``asked``, the number of the question, are (pairs,).
    """
    weight = 1 + right
    alone = functional.binary_cross_entropy_with_logits(scores, right, weight, reduction="sum")
    competing = [
        torch.logsumexp(scores[mine], 0) - torch.logsumexp(scores[mine & (right > 0)], 0)
        for mine in (asked == n for n in range(int(asked.max()) + 1))
        if 0 < right[mine].sum() < mine.sum()
    ]
    together = torch.stack(competing).mean() if competing else scores.new_zeros(())
    return alone / weight.sum() + _COMPETE * together


def piece_loss(rows: Sequence[Row], said: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
    """The sum over the pieces, ``said`` (rows, pieces), and what it weighs.

    Of a place that answers in words that were not found in it, no piece counts.
    """
    marks = pad_sequence(
        [torch.tensor(row[2]) for row in rows], batch_first=True, padding_value=-1.0
    )
    asked = padded([row[1] for row in rows], 0) == 0
    found = ((marks > 0) & ~asked).any(dim=1) | (right == 0)
    weight = torch.where(right > 0, 1.0, _ELSEWHERE)[:, None].expand_as(marks)
    weight = torch.where(marks > 0, _AMONG, weight) * found[:, None]
    weight = torch.where(asked, torch.where(marks > 0, _LACKING, _GIVEN), weight) * (marks >= 0)
    loss = functional.binary_cross_entropy_with_logits(
        said, marks.clamp(min=0.0), weight, reduction="sum"
    )
    return loss, weight.sum()
