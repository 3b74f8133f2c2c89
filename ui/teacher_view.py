"""What the teacher's page shows, as HTML and as lines; whatever it did not write is escaped."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping, Sequence
from typing import Any

from ui.feedback import Opinion
from ui.texts import TEACHER_TEXTS, Language

# Beside what the theme sets: grey words of Gradio's that are too pale, and room for the report.
STYLE = """
.gradio-container { word-break: keep-all; overflow-wrap: anywhere; }
.or, .gradio-container .prose a { color: inherit !important; }
.dark button[role=tab].selected { color: #74d3b4; }
.lq-facts { border-collapse: collapse; margin-bottom: 8px; }
.lq-facts :is(th, td) { padding: 2px 16px 2px 0; text-align: left; vertical-align: top; }
.lq-facts th { font-weight: 600; white-space: nowrap; }
.lq-lessons { max-height: 240px; overflow-y: auto; padding-left: 1.2em; list-style: disc; }
.lq-lessons small { opacity: .8; }
.lq-report { width: 100%; height: 75vh; border: 1px solid #8885; background: #fff; }
#rows label { width: 100%; }
"""


def facts(info: Mapping[str, Any], lessons: Sequence[Mapping[str, str]], language: Language) -> str:
    """What the index is, as a table, and the lessons in it."""
    rows = "".join(
        f"<tr><th scope=row>{_named(name, language)}</th><td>{html.escape(_words(value))}</td></tr>"
        for name, value in info.items()
    )
    items = "".join(
        f"<li>{html.escape(one['title'])} <small>({html.escape(one['source'])})</small></li>"
        for one in lessons
    )
    title = TEACHER_TEXTS["info"][language]
    return (
        f"<h2>{title}</h2><table class=lq-facts>{rows}</table>"
        f'<ul class=lq-lessons tabindex=0 aria-label="{_named("lessons", language)}">{items}</ul>'
    )


def report(page: str, language: Language) -> str:
    """The report of an evaluation in a frame without scripts, and a link that saves it."""
    data = base64.b64encode(page.encode()).decode("ascii")
    save, title = TEACHER_TEXTS["save_report"][language], TEACHER_TEXTS["evaluation"][language]
    return (
        f'<p><a download="report.html" href="data:text/html;base64,{data}">{save}</a></p>'
        f'<iframe class=lq-report sandbox title="{title}" srcdoc="{html.escape(page)}"></iframe>'
    )


def alert(sentence: str) -> str:
    """A sentence in the place of what could not be made."""
    return f"<p role=alert>{html.escape(sentence)}</p>"


def opinion_line(opinion: Opinion, language: Language) -> str:
    """One opinion to choose: verdict, question, reason and when."""
    verdict = TEACHER_TEXTS["yes" if opinion.liked else "no"][language]
    when = opinion.time[:16].replace("T", " ")
    reason = " ".join(opinion.reason.split())
    return " · ".join(filter(None, (verdict, opinion.question, reason, f"{when} UTC")))


def opinion_text(opinion: Opinion) -> str:
    """One opinion in full: earlier questions, the question, its answer."""
    return "\n\n".join(("\n".join((*opinion.history, opinion.question)), opinion.answer))


def _named(name: str, language: Language) -> str:
    known = TEACHER_TEXTS.get(f"info_{name}")
    return known[language] if known else html.escape(name)


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
