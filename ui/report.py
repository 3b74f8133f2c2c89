"""The report of an evaluation: metrics.json, rows.jsonl and one self-contained report.html."""

from __future__ import annotations

import base64
import io
import json
import warnings
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")  # before pyplot: there is no screen

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from rag.errors import QuestionFileError
from rag.evaluation import Row, by, interval, trade_off
from ui.evaluate import row_json
from ui.page import asset

_BLUE, _GREY, _RED = "#2f6fdb", "#9aa4b2", "#d0453f"


def write_report(folder: Path, rows: Sequence[Row], found: Mapping[str, float]) -> None:
    """Writes the three files. Raises QuestionFileError when the folder cannot be written."""
    lines = [json.dumps(row_json(row), ensure_ascii=False) for row in rows]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "metrics.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
        (folder / "rows.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
        (folder / "report.html").write_text(_page(rows, found), "utf-8")
    except OSError as error:
        raise QuestionFileError(
            f"The report cannot be written to {folder}: {error.strerror or error}.",
            f"보고서를 {folder}에 쓸 수 없습니다: {error.strerror or error}.",
        ) from error


def _page(rows: Sequence[Row], found: Mapping[str, float]) -> str:
    answered = any(row.answer for row in rows)
    plots = [
        _picture("Right answers by kind, with 95 % intervals", _kinds, rows),
        _picture("Right answers by document", _documents, rows),
        _picture("What the threshold trades", _curve, rows),
        _picture("Length of answers, and time", _sizes, rows),
    ]
    wrong = [row for row in rows if not row.score.correct]
    table = "".join(
        f"<tr><td>{escape(name)}</td><td>{value:.3f}</td></tr>" for name, value in found.items()
    )
    return (
        asset("report.html")
        .replace("<!--metrics-->", table)
        .replace("<!--plots-->", "".join(plots) if answered else "")
        .replace("<!--wrong-->", "".join(map(_wrong, wrong)) if answered else "")
        .replace("<!--count-->", str(len(wrong)) if answered else "0")
    )


def _wrong(row: Row) -> str:
    """One wrong answer side by side with its gold; everything in it is escaped."""
    gold = row.gold
    given = row.answer.answer if row.answer else row.error
    quotes = (
        "".join(f"<li>{escape(c.quote)}</li>" for c in row.answer.citations) if row.answer else ""
    )
    facts = ", ".join(" / ".join(fact) for fact in gold.facts)
    wanted = "".join(f"<li>{escape(quote)}</li>" for quote in gold.evidence)
    history = "".join(f"<small>{escape(turn)}</small><br>" for turn in gold.history)
    understood = row.answer.understood if row.answer else ""
    return (
        f"<tr><td>{escape(gold.id)}<br><small>{escape(gold.kind)}</small></td>"
        f"<td>{history}<b>{escape(gold.question)}</b><br><small>{escape(understood)}</small></td>"
        f"<td><pre>{escape(given)}</pre><ul>{quotes}</ul></td>"
        f"<td>{escape(facts) if gold.answerable else 'abstain'}<ul>{wanted}</ul></td></tr>"
    )


def _picture(title: str, draw: object, rows: Sequence[Row]) -> str:
    data = io.BytesIO()
    # Words stay words, for the fonts of whoever reads: the plotting machine may lack Hangul, and
    # then only measures it badly.
    with plt.rc_context({"svg.fonttype": "none"}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        figure, axes = plt.subplots(figsize=(6.4, 4.2), layout="constrained")
        draw(axes, rows)  # type: ignore[operator]
        axes.set_title(title, loc="left", fontsize=11)
        axes.spines[["top", "right"]].set_visible(False)
        figure.savefig(data, format="svg")
        plt.close(figure)
    encoded = base64.b64encode(data.getvalue()).decode("ascii")
    return f'<img alt="{escape(title)}" src="data:image/svg+xml;base64,{encoded}">'


def _bars(axes: Axes, groups: Mapping[str, Sequence[Row]]) -> None:
    names = list(groups)[::-1]
    for place, name in enumerate(names):
        values = [row.score.correct for row in groups[name]]
        low, high = interval(values)
        mean = sum(values) / len(values)
        axes.barh(place, mean, color=_BLUE)
        axes.plot([low, high], [place, place], color="black", linewidth=1)
    labels = [f"{name[:26]} ({len(groups[name])})" for name in names]
    axes.set_yticks(range(len(names)), labels, fontsize=8)
    axes.set_xlim(0, 1)


def _kinds(axes: Axes, rows: Sequence[Row]) -> None:
    _bars(axes, by(rows, lambda row: row.gold.kind or "-"))


def _documents(axes: Axes, rows: Sequence[Row]) -> None:
    _bars(axes, by(rows, lambda row: row.gold.document or "-"))


def _curve(axes: Axes, rows: Sequence[Row]) -> None:
    thresholds, right, abstained = zip(*trade_off(rows), strict=True)
    axes.plot(thresholds, right, color=_BLUE, label="answerable, rightly answered")
    axes.plot(thresholds, abstained, color=_RED, label="unanswerable, abstained from")
    axes.set_xlabel("threshold of the probability to answer")
    axes.set_ylim(0, 1)
    axes.legend(frameon=False, fontsize=8)


def _sizes(axes: Axes, rows: Sequence[Row]) -> None:
    answered = [row for row in rows if row.answer and not row.score.abstained]
    colours = [_BLUE if row.score.correct else _RED for row in answered]
    lengths = [row.score.length for row in answered]
    axes.scatter(lengths, [row.score.elapsed_ms for row in answered], c=colours, s=9)
    axes.set_xlabel("characters (blue: right, red: wrong)")
    axes.set_ylabel("ms")
    axes.axvline(350, color=_GREY, linewidth=1)
