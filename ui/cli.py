"""The command line, ``lesson-qa``: machine output goes to stdout, everything else to stderr."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from rag.errors import LessonError
from ui.arguments import parser
from ui.settings import LIMITS, Settings, language_of, read_settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; the only place that shows a LessonError."""
    options = parser().parse_args(arguments)
    language = language_of(os.environ)
    try:
        names = (*Settings.__slots__, *LIMITS)
        given = {name: getattr(options, name, None) for name in names}
        settings = read_settings(given, os.environ)
        run: Callable[[Settings, argparse.Namespace], int] = options.run
        return run(settings, options)
    except LessonError as error:
        print(f"lesson-qa: {error.sentence(language)}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("lesson-qa: 중단했습니다. / Interrupted.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
