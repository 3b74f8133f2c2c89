"""Teaching the packaged reader: the changes to Multilingual E5 that ``index/reader.py`` applies.

Every question is seen with the places found for it, and now and then with a place from which the
line that answers was taken out. A place counts as answering or not by itself (cross-entropy), the
places of an answerable question also compete with each other (a softmax over them; ListNet, Cao et
al., 2007), and each piece of a place counts as among the answering words or not, each of a question
as something that the lesson gives nothing for or not, where that is known: two more heads, which
only teach and are thrown away. Only changes of low rank are learnt (LoRA, Hu et al., 2022),
besides biases, the layers that scale, and the heads.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from index import e5
from index.e5_file import DIMENSION, Stored
from index.reader import padded
from index.reader_examples import Example, Row, Rows, some
from index.reader_loss import piece_loss, place_loss

LAYERS, RANK, _HIDDEN = 12, 32, 128
_RATE, _HEAD_RATE, _WARM = 5e-4, 1e-3, 30  # learning rates; steps until they are reached
_QUESTIONS = 16  # of a step
_PAIRS = 16  # that go through the layers at once
_WORDS = 0.5  # how much the pieces count beside the places
_SEED = 20251125


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
        # Written out: torch's fused attention takes longer on the way back than all that is dense.
        like = query @ key.transpose(2, 3) / math.sqrt(query.shape[-1])
        seen = functional.softmax(like.masked_fill(~mask, -1e4), -1) @ value
        mixed = self.dense["ao"](seen.transpose(1, 2).reshape(pairs, tokens, width))
        x = self.normal["aln"](x + mixed)
        made = self.dense["fo"](functional.gelu(self.dense["fi"](x)))
        result: Tensor = self.normal["oln"](x + made)
        return result

    def start_from(self, known: Mapping[str, Tensor]) -> None:
        for key, dense in self.dense.items():
            for name, mine in dense.changes(f"{self._name}.{key}").items():  # type: ignore[operator]
                mine.data.copy_(known[name])
        for key, normal in self.normal.items():
            for part in ("weight", "bias"):
                getattr(normal, part).data += known[f"{self._name}.{key}.{part[0]}"]

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
        self.word, self.lack = nn.Linear(DIMENSION, 1), nn.Linear(DIMENSION, 1)

    def forward(self, rows: Sequence[Row]) -> tuple[Tensor, Tensor]:
        """(rows,) log-odds that a place answers and (rows, pieces) that a piece of it is of the
        answer, or one of the question lacks it.

        Pieces and kinds are as of ``index.reader.PairTokenizer``.
        """
        ids = padded([row[0] for row in rows], e5.PAD)
        kinds = padded([row[1] for row in rows], 0)
        real = ids != e5.PAD
        x = self.words(ids, self.kinds(kinds))
        for layer in self.layers:
            x = layer(x, real[:, None, None, :])
        told = torch.cat([x[:, 0], e5.mean_of(x, real)], dim=-1).float()
        scores: Tensor = self.outer(torch.tanh(self.inner(told))).squeeze(-1)
        pieces = torch.where((kinds == 0)[..., None], self.lack(x), self.word(x))
        return scores, pieces.squeeze(-1)

    def changing(self) -> list[nn.Parameter]:
        """What is learnt below the heads."""
        return [*self.kinds.parameters(), *(p for p in self.layers.parameters() if p.requires_grad)]

    def start_from(self, known: Mapping[str, Tensor]) -> None:
        """Goes on from changes like those of ``changes``."""
        for name, mine in self._heads().items():
            mine.data.copy_(known[name])
        for layer in self.layers:
            layer.start_from(known)  # type: ignore[operator]

    def _heads(self) -> dict[str, Tensor]:
        return {
            "kinds": self.kinds.weight,
            "inner": self.inner.weight,
            "inner_bias": self.inner.bias,
            "outer": self.outer.weight,
            "outer_bias": self.outer.bias,
        }

    def changes(self) -> dict[str, Tensor]:
        """What ``index.reader`` applies, in half precision."""
        found = self._heads()
        for layer in self.layers:
            found.update(layer.changes())  # type: ignore[operator]
        return {name: change.detach().half().contiguous() for name, change in found.items()}


def train(
    stored: Stored,
    examples: Sequence[Example],
    epochs: int,
    told: Callable[[int, int], None],
    known: Mapping[str, Tensor] | None = None,
) -> Mapping[str, Tensor]:
    """The changes learnt from the examples, going on from ``known`` ones if there are any.

    ``told`` hears of each step, and of how many.
    """
    torch.manual_seed(_SEED)
    chance = random.Random(_SEED)
    student, rows = Student(stored), Rows(stored)
    if known:
        student.start_from(known)
    seen = [rows(example) for example in examples]
    steps = max(1, epochs * len(examples) // _QUESTIONS)
    parts = (student.inner, student.outer, student.word, student.lack)
    heads = [parameter for head in parts for parameter in head.parameters()]
    learning: list[dict[str, Any]] = [
        {"params": heads, "lr": _HEAD_RATE},
        {"params": student.changing()},
    ]
    optimiser = torch.optim.AdamW(learning, lr=_RATE, weight_decay=0.01)
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / _WARM, max(0.0, 1 - step / steps))
    )
    order: list[int] = []
    student.train()
    for step in range(steps):
        while len(order) < _QUESTIONS:
            order += chance.sample(range(len(examples)), len(examples))
        chosen, order = order[:_QUESTIONS], order[_QUESTIONS:]
        loss = _loss(student, [some(seen[i], chance) for i in chosen])
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimiser.step()
        rate.step()
        told(step + 1, steps)
    return student.changes()


def _loss(student: Student, questions: Sequence[Sequence[tuple[Row, bool]]]) -> Tensor:
    flat = [pair for pairs in questions for pair in pairs]
    asked = torch.tensor([n for n, pairs in enumerate(questions) for _ in pairs])
    order = sorted(range(len(flat)), key=lambda i: len(flat[i][0][0]))
    right, asked = torch.tensor([float(flat[i][1]) for i in order]), asked[order]
    scores, among, weights = [], torch.zeros(()), torch.zeros(())
    for start in range(0, len(order), _PAIRS):
        rows = [flat[i][0] for i in order[start : start + _PAIRS]]
        with torch.autocast("cpu", torch.bfloat16):
            said, words = student(rows)
        scores.append(said.float())
        loss, weight = piece_loss(rows, words.float(), right[start : start + _PAIRS])
        among, weights = among + loss, weights + weight
    return place_loss(torch.cat(scores), right, asked) + _WORDS * among / weights.clamp(min=1.0)
