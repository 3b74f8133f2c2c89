"""Teaching the packaged reader: the changes to Multilingual E5 that ``index/reader.py`` applies.

Every question is seen with the places found for it. A place counts as answering or not by itself
(cross-entropy), and the places of an answerable question also compete with each other (a softmax
over them; ListNet, Cao et al., 2007). Only changes of low rank are learnt (LoRA, Hu et al., 2022),
besides biases, the layers that scale, and the head.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from index import e5
from index.e5_file import DIMENSION, Stored
from index.reader import PairTokenizer, padded
from rag.reading import Place

LAYERS, RANK, _HIDDEN = 6, 32, 128
_RATE, _DROPOUT, _WARM = 7e-4, 0.1, 20  # learning rate; steps until it is reached
_QUESTIONS = 16  # of a step
_PAIRS = 32  # that go through the layers at once
_RIGHT, _WRONG, _NEAR = 2, 3, 2  # places of an answerable question; the last: of another
_COMPETE = 0.5  # how much the competition counts beside each place by itself
_SEED = 20251125

Row = tuple[list[int], list[int]]


@dataclass(frozen=True)
class Example:
    """A question and the places found for it, best first, with which of them answer it."""

    question: str
    places: Sequence[Place]
    right: Sequence[bool]


class _Thin(nn.Module):
    """A fixed dense layer with a change of low rank."""

    weight: Tensor
    fixed: Tensor

    def __init__(self, stored: Stored, name: str) -> None:
        super().__init__()
        bias = stored.tensor(f"{name}.b")
        weight = stored.tensor(f"{name}.w").view(len(bias), -1)
        self.register_buffer("weight", weight, persistent=False)
        self.register_buffer("fixed", bias, persistent=False)
        self.bias = nn.Parameter(torch.zeros_like(bias))
        width = weight.shape[1]
        self.inward = nn.Parameter(torch.randn(RANK, width) / math.sqrt(width))
        self.out = nn.Parameter(torch.zeros(len(bias), RANK))

    def forward(self, x: Tensor) -> Tensor:
        change = functional.linear(functional.linear(x, self.inward), self.out)
        return functional.linear(x, self.weight, self.fixed + self.bias) + change

    def changes(self, name: str) -> dict[str, Tensor]:
        return {f"{name}.b": self.bias, f"{name}.w.out": self.out, f"{name}.w.in": self.inward}


class _Layer(nn.Module):
    _DENSE = ("q", "k", "v", "ao", "fi", "fo")
    _NORMAL = ("aln", "oln")

    def __init__(self, stored: Stored, number: int) -> None:
        super().__init__()
        self.heads, self._stored, self._name = stored.heads, stored, f"l{number}"
        self.dense = nn.ModuleDict({k: _Thin(stored, f"{self._name}.{k}") for k in self._DENSE})
        self.normal = nn.ModuleDict(
            {k: e5.layer_norm(stored, f"{self._name}.{k}") for k in self._NORMAL}
        )

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        pairs, tokens, width = x.shape
        query, key, value = (
            self.dense[k](x).view(pairs, tokens, self.heads, -1).transpose(1, 2) for k in "qkv"
        )
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        mixed = self.dense["ao"](seen.transpose(1, 2).reshape(pairs, tokens, width))
        x = self.normal["aln"](x + functional.dropout(mixed, _DROPOUT, self.training))
        made = self.dense["fo"](functional.gelu(self.dense["fi"](x)))
        result: Tensor = self.normal["oln"](x + functional.dropout(made, _DROPOUT, self.training))
        return result

    def changes(self) -> dict[str, Tensor]:
        found: dict[str, Tensor] = {}
        for key, dense in self.dense.items():
            found.update(dense.changes(f"{self._name}.{key}"))  # type: ignore[operator]
        for key, normal in self.normal.items():
            for part, mine in (("w", normal.weight), ("b", normal.bias)):
                name = f"{self._name}.{key}.{part}"
                found[name] = mine - self._stored.tensor(name)  # type: ignore[operator]
        return found


class Student(nn.Module):
    """The reader while it learns."""

    def __init__(self, stored: Stored) -> None:
        super().__init__()
        self.words = e5.Words(stored)
        self.kinds = nn.Embedding(3, DIMENSION)
        nn.init.zeros_(self.kinds.weight)
        self.layers = nn.ModuleList(_Layer(stored, number) for number in range(LAYERS))
        self.layers.requires_grad_(True)
        self.inner, self.outer = nn.Linear(2 * DIMENSION, _HIDDEN), nn.Linear(_HIDDEN, 1)

    def forward(self, rows: Sequence[Row]) -> Tensor:
        """(rows,) log-odds; pieces and kinds as of ``index.reader.PairTokenizer``."""
        ids, kinds = (
            padded([row[part] for row in rows], filler) for part, filler in ((0, e5.PAD), (1, 0))
        )
        real = ids != e5.PAD
        x = self.words(ids, self.kinds(kinds))
        for layer in self.layers:
            x = layer(x, real[:, None, None, :])
        told = torch.cat([x[:, 0], e5.mean_of(x, real)], dim=-1).float()
        told = functional.dropout(told, _DROPOUT, self.training)
        scores: Tensor = self.outer(torch.tanh(self.inner(told))).squeeze(-1)
        return scores

    def changes(self) -> dict[str, Tensor]:
        """What ``index.reader`` applies, in half precision."""
        found: dict[str, Tensor] = {
            "kinds": self.kinds.weight,
            "inner": self.inner.weight,
            "inner_bias": self.inner.bias,
            "outer": self.outer.weight,
            "outer_bias": self.outer.bias,
        }
        for layer in self.layers:
            found.update(layer.changes())  # type: ignore[operator]
        return {name: change.detach().half().contiguous() for name, change in found.items()}


def train(
    stored: Stored, examples: Sequence[Example], epochs: int, told: Callable[[int, int], None]
) -> Mapping[str, Tensor]:
    """The changes learnt from the examples; ``told`` hears of each step, and of how many."""
    torch.manual_seed(_SEED)
    chance = random.Random(_SEED)
    student, pieces = Student(stored), PairTokenizer(stored)
    rows = [pieces(example.question, example.places) for example in examples]
    steps = max(1, epochs * len(examples) // _QUESTIONS)
    optimiser = torch.optim.AdamW(
        [p for p in student.parameters() if p.requires_grad], lr=_RATE, weight_decay=0.01
    )
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / _WARM, max(0.0, 1 - step / steps))
    )
    order: list[int] = []
    student.train()
    for step in range(steps):
        while len(order) < _QUESTIONS:
            order += chance.sample(range(len(examples)), len(examples))
        chosen, order = order[:_QUESTIONS], order[_QUESTIONS:]
        loss = _loss(student, [_some(examples[i], rows[i], chance) for i in chosen])
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimiser.step()
        rate.step()
        told(step + 1, steps)
    return student.changes()


def _some(example: Example, rows: Sequence[Row], chance: random.Random) -> list[tuple[Row, bool]]:
    """The first places, which are the hardest to tell, and some from further down."""
    pairs = list(zip(rows, example.right, strict=True))
    right = [pair for pair in pairs if pair[1]]
    wrong = [pair for pair in pairs if not pair[1]]
    first, count = (2, _WRONG) if right else (1, _NEAR)
    rest = wrong[first:]
    right = chance.sample(right, min(len(right), _RIGHT))
    return right + wrong[:first] + chance.sample(rest, min(len(rest), count - first))


def _loss(student: Student, questions: Sequence[Sequence[tuple[Row, bool]]]) -> Tensor:
    flat = [pair for pairs in questions for pair in pairs]
    order = sorted(range(len(flat)), key=lambda i: len(flat[i][0][0]))
    parts = []
    with torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(order), _PAIRS):
            parts.append(student([flat[i][0] for i in order[start : start + _PAIRS]]).float())
    back = torch.empty(len(order), dtype=torch.long)
    back[torch.tensor(order)] = torch.arange(len(order))
    scores = torch.cat(parts)[back]
    right = torch.tensor([float(pair[1]) for pair in flat])
    weight, counts = 1 + right, [len(pairs) for pairs in questions]
    alone = functional.binary_cross_entropy_with_logits(scores, right, weight, reduction="sum")
    competing = [
        torch.logsumexp(mine, 0) - torch.logsumexp(mine[won > 0], 0)
        for mine, won in zip(
            torch.split(scores, counts),
            torch.split(right, counts),
            strict=True,
        )
        if 0 < won.sum() < len(won)
    ]
    together = torch.stack(competing).mean() if competing else scores.new_zeros(())
    return alone / weight.sum() + _COMPETE * together
