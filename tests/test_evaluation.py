from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.answer import Answer, Citation
from rag.evaluation import Row, by, difference, interval, metrics, trade_off
from rag.gold import GoldQuestion
from rag.scoring import Score
from ui.cli import main
from ui.retrieval import retrieval

CITED = (Citation(1, "a.md", (), "q", 0, 1, 0.9),)


def row(name: str, *, answerable: bool = True, correct: float, abstained: bool = False) -> Row:
    answer = Answer(name, "?", "답 [1]", abstained, () if abstained else CITED, "extractive", 4.0)
    value = float(answerable and not abstained)
    measured = Score(correct, abstained, value, value, value, None, 6, 4.0)
    gold = GoldQuestion(name, "?", answerable=answerable, kind="fact")
    return Row(gold, answer, measured, ("b", "a"), ("a",), 0.4 if abstained else 0.8, correct)


ROWS = [
    row("1", correct=1.0),
    row("2", correct=0.0),
    row("3", correct=0.0, abstained=True),
    row("4", answerable=False, correct=1.0, abstained=True),
    row("5", answerable=False, correct=0.0),
]


def test_metrics_by_hand() -> None:
    found = metrics(ROWS)
    assert found["questions"] == 5
    assert found["correct"] == 0.4
    assert found["answer_correct"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["false_abstain"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["abstain_recall"] == 0.5
    assert found["abstain_precision"] == 0.5
    assert found["answer_characters"] == 6.0
    assert (found["p50_ms"], found["p95_ms"]) == (4.0, 4.0)
    assert "character_f1" not in found


def test_retrieval_measures_and_a_missing_answer_counts_zero() -> None:
    found = retrieval([ROWS[0]])
    assert (found["R@1"], found["R@3"], found["MRR@10"]) == (0.0, 1.0, 0.5)
    assert found["nDCG@10"] == pytest.approx(0.6309, abs=1e-4)
    nothing = Row(ROWS[0].gold, None, ROWS[0].score, (), ("a",), 0.0, 0.0)
    assert retrieval([ROWS[0], nothing])["MRR@10"] == 0.25
    assert retrieval([]) == {}


def test_the_interval_holds_the_mean_and_is_the_same_every_time() -> None:
    values = [1.0] * 80 + [0.0] * 20
    low, high = interval(values)
    assert (low, high) == interval(values)
    assert 0.70 <= low < 0.8 < high <= 0.89
    assert interval([]) == (0.0, 0.0)


def test_a_paired_difference_names_what_changed() -> None:
    old = {str(n): 1.0 for n in range(100)}
    worse = {name: float(int(name) >= 20) for name in old}
    fall = difference(worse, old)
    assert fall.mean == pytest.approx(-0.2)
    assert fall.significant_fall
    assert fall.worse == tuple(str(n) for n in range(20))
    assert not difference(old, old).significant_fall
    assert difference({"new": 1.0}, old).mean == 0.0


def test_the_threshold_trades_answers_for_refusals() -> None:
    curve = [(threshold, round(right, 3), refused) for threshold, right, refused in trade_off(ROWS)]
    assert curve[0] == (0.0, 0.333, 0.0)
    assert curve[100] == (1.0, 0.0, 1.0)
    assert list(by(ROWS, lambda r: r.gold.kind)) == ["fact"]


@pytest.fixture
def fruit(tmp_path: Path, small_lesson: Path) -> list[str]:
    rows = [
        {"id": "a", "question": "사과는 어떤 과일이에요?", "answerable": True, "kind": "fact",
         "evidence": ["**사과**: 빨간 과일입니다."], "facts": [["빨간"]]},
        {"id": "b", "question": "안녕하세요", "answerable": False, "kind": "smalltalk"},
    ]  # fmt: skip
    path = tmp_path / "fruit.jsonl"
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows) + "\n", "utf-8")
    return ["evaluate", str(path), "--corpus", str(small_lesson), "--device", "cpu"]


def test_evaluate_writes_its_report(
    fruit: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report"
    assert main([*fruit, "--report", str(report)]) == 0
    found = json.loads((report / "metrics.json").read_text())
    assert (found["answer_correct"], found["abstain_recall"], found["R@1"]) == (1.0, 1.0, 1.0)
    rows = [json.loads(line) for line in (report / "rows.jsonl").read_text("utf-8").splitlines()]
    assert [(r["id"], r["correct"]) for r in rows] == [("a", 1.0), ("b", 1.0)]
    page = (report / "report.html").read_text("utf-8")
    assert page.count("data:image/svg+xml;base64,") == 4
    assert "http" not in page.replace("data:image", "")
    assert "answer_correct" in capsys.readouterr().out
    assert main([*fruit, "--baseline", str(report), "--gate"]) == 0


def test_the_gate_fails_on_a_significant_fall(
    fruit: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    better = tmp_path / "better.jsonl"
    better.write_text('{"id": "a", "correct": 2.0}\n{"id": "b", "correct": 2.0}\n')
    assert main([*fruit, "--baseline", str(better), "--gate"]) == 1
    assert "worse: a, b" in capsys.readouterr().err


def test_evidence_from_another_lesson_is_told(
    tmp_path: Path,
    small_lesson: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LESSON_QA_LANGUAGE", "en")
    path = tmp_path / "x.jsonl"
    path.write_text('{"id": "z", "question": "뭐예요?", "evidence": ["없는 글"]}\n', "utf-8")
    assert main(["evaluate", str(path), "--corpus", str(small_lesson)]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == (
        "lesson-qa: The gold evidence of question z is not in the lesson; "
        "mend the question file or choose its --corpus."
    )
