"""What the command line takes: its commands and their options."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import asdict

from corpus.limits import AS_USUAL
from ui import commands
from ui.settings import DEVICES, GENERATORS, Settings

_LIMITS = {
    "max_file_mb": "megabytes of the file",
    "max_text_mb": "megabytes of text in it",
    "max_unpacked_mb": "megabytes that a .docx or .pptx unpacks to",
    "max_pages": "pages or slides",
    "max_nesting": "levels of things inside things",
    "max_seconds": "seconds to read it",
    "max_memory_mb": "megabytes of memory to read it",
}
_EPILOG = """\
examples:
  lesson-qa ask "DGX Cloud를 제공하는 클라우드 업체를 알려 주세요."
  lesson-qa ask "NGC가 뭐예요?" --json
  lesson-qa chat --port 7860
  lesson-qa batch questions.jsonl --output answers.jsonl
  lesson-qa index build --corpus my-lessons/
  lesson-qa evaluate --report report/

environment:
  LESSON_QA_CORPUS, LESSON_QA_INDEX, LESSON_QA_ENCODER, LESSON_QA_DEVICE, LESSON_QA_GENERATOR
  stand for the options of the same name, as LESSON_QA_STRICT=1 and LESSON_QA_MAX_SECONDS do;
  LESSON_QA_LANGUAGE=ko|en chooses the language of messages (otherwise the locale does).

exit codes: 0 done, 1 a failure told in one sentence, 2 wrong usage
"""


def parser() -> argparse.ArgumentParser:
    """The commands and their options; each sets ``run`` to the function that does it."""
    found = argparse.ArgumentParser(
        prog="lesson-qa",
        description="강의에 대해 묻고, 근거가 표시된 답을 받습니다. "
        "Ask about a Korean lesson and get a cited answer, or a plain “the lesson does not say”.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands_of = found.add_subparsers(required=True, metavar="COMMAND", title="commands")
    _add_chat(commands_of)
    _add_ask(commands_of)
    _add_batch(commands_of)
    _add_evaluate(commands_of)
    _add_index(commands_of)
    _add_user(commands_of)
    return found


def _command(
    parent: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    text: str,
    run: Callable[[Settings, argparse.Namespace], int],
) -> argparse.ArgumentParser:
    parser = parent.add_parser(name, help=text, description=text)
    common = parser.add_argument_group("common options")
    common.add_argument(
        "--corpus",
        metavar="PATH",
        help="a lesson (.md .txt .html .pdf .docx .pptx .ipynb) or a folder of them",
    )
    common.add_argument(
        "--index", metavar="DIR", help="where the index is kept (default: the user's cache)"
    )
    common.add_argument(
        "--encoder",
        metavar="NAME",
        help="use-multilingual-v3 (default), multilingual-e5-small, a model of the hub or a folder",
    )
    common.add_argument(
        "--device", metavar="|".join(DEVICES), help="auto (default) uses the GPU when there is one"
    )
    common.add_argument(
        "--generator",
        metavar="|".join(GENERATORS),
        help="what writes answers",
    )
    common.add_argument(
        "--reranker",
        metavar="auto|none|NAME",
        help="what reads the best passages again: the packaged reader where it is installed "
        "(auto), nothing, or a cross-encoder of the hub or a local folder",
    )
    common.add_argument(
        "--threshold",
        metavar="P",
        help="answer when the evidence answers with at least this probability (default: tuned)",
    )
    common.add_argument(
        "--strict",
        action="store_const",
        const="1",
        help="fail when a lesson of the folder cannot be read; otherwise it is told and left out",
    )
    _add_limits(parser)
    parser.set_defaults(run=run)
    return parser


def _add_limits(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("limits of one lesson file, above which it is refused")
    for name, default in asdict(AS_USUAL).items():
        flag = "--" + name.replace("_", "-")
        group.add_argument(flag, metavar="N", help=f"{_LIMITS[name]} (default: {default})")


def _add_chat(parent: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(
        parent, "chat", "open the chat page; builds the index first if there is none", commands.chat
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: %(default)s)"
    )
    parser.add_argument(
        "--port", type=int, default=7860, help="port to listen on (default: %(default)s)"
    )
    parser.add_argument(
        "--auth", metavar="FILE", help="ask for a name and password of this user file"
    )
    parser.add_argument(
        "--admin",
        action="store_true",
        help="open the teacher's page at /teacher to this machine; with LESSON_QA_ADMIN_PASSWORD "
        "set it is there for who knows the password",
    )
    parser.add_argument(
        "--root-path",
        metavar="/PATH",
        default=os.environ.get("LESSON_QA_ROOT_PATH", ""),
        help="where a reverse proxy that takes the path off serves the page",
    )
    parser.add_argument("--mcp", action="store_true", help="offer ask and search as MCP tools")
    parser.add_argument(
        "--feedback", metavar="FILE", help="where opinions are kept (default: the user's data)"
    )


def _add_user(parent: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "print a line for the user file of chat --auth; asks for the password"
    parser = parent.add_parser("user", help=text, description=text)
    parser.add_argument("name", help="the user's name")
    parser.set_defaults(run=commands.user)


def _add_ask(parent: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(parent, "ask", "answer one question, with its sources", commands.ask)
    parser.add_argument("question", help="the question, in quotes")
    parser.add_argument("--json", action="store_true", help="print the answer object as JSON")
    parser.add_argument(
        "--explain", action="store_true", help="show why: words, hits, scores and the decision"
    )
    parser.add_argument(
        "--source",
        metavar="LESSON",
        action="append",
        default=[],
        help="ask this lesson of the corpus alone; may be repeated",
    )
    parser.add_argument(
        "--history",
        metavar="QUESTION",
        action="append",
        default=[],
        help="an earlier question that this one follows; may be repeated, oldest first",
    )


def _add_batch(parent: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(
        parent,
        "batch",
        'answer many questions: JSON lines {"id", "question", "history": [{"question"}]} in, '
        "answer objects out in the same order; a broken row is reported and skipped",
        commands.batch,
    )
    parser.add_argument("questions", metavar="QUESTIONS.jsonl", help="the question file")
    parser.add_argument(
        "--output", required=True, metavar="ANSWERS.jsonl", help="where the answers go; - is stdout"
    )


def _add_evaluate(parent: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(
        parent,
        "evaluate",
        "score a question set with gold answers (JSON lines, CSV, or KorQuAD's .json for retrieval "
        "alone); without one, the project's own sets over five lessons",
        commands.evaluate,
    )
    parser.add_argument("questions", metavar="QUESTIONS", nargs="?", help="the question file")
    parser.add_argument(
        "--report", metavar="DIR", help="write metrics.json, rows.jsonl, report.html"
    )
    parser.add_argument("--split", metavar="dev|held", help="only the rows of this split")
    parser.add_argument(
        "--baseline", metavar="OLD", help="report folder or rows.jsonl to compare with, pairwise"
    )
    parser.add_argument(
        "--gate", action="store_true", help="exit 1 when answers got significantly worse"
    )
    parser.add_argument(
        "--write-baseline", metavar="FILE", help="keep this run's rows to compare with later"
    )


def _add_index(parent: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "build, check or describe the index"
    group = parent.add_parser("index", help=text, description=text)
    actions = group.add_subparsers(required=True, metavar="ACTION", title="actions")
    build = _command(
        actions,
        "build",
        "build the index; does nothing when nothing changed, and of what changed only that",
        commands.index_build,
    )
    build.add_argument(
        "--full", action="store_true", help="take nothing over from the index before"
    )
    build.add_argument(
        "--watch", action="store_true", help="go on, and build again whenever a lesson changes"
    )
    verify = _command(
        actions,
        "verify",
        "check every file of the index, and a sample of its content by making it again",
        commands.index_verify,
    )
    verify.add_argument(
        "--full", action="store_true", help="make all of the content again, not a sample"
    )
    info = _command(actions, "info", "what the index was built from", commands.index_info)
    info.add_argument("--json", action="store_true", help="print it as JSON")
