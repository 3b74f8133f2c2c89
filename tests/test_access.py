"""Who gets in: users with passwords, the teacher, MCP clients; and what opinions are kept."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client  # type: ignore[import-untyped]
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from rag.assistant import Assistant
from rag.errors import BusyError, CorpusError, FeedbackError, QuestionFileError, UsageError
from tests.browser.server import served
from tests.conftest import quiet
from ui import chat, feedback
from ui.chat import Access
from ui.cli import main
from ui.desk import Desk
from ui.feedback import Feedback, question_row
from ui.settings import Settings
from ui.users import Users, password_check, user_line
from ui.wiring import Live, Parts, Service, open_service

QUESTION = "NeMo 모델이 뭐예요?"
PASSWORD = "긴 비밀번호 하나"
MARK = "0123456789abcdef" * 2


@pytest.fixture
def desk(service: Service, settings: Settings, parts: Parts, tmp_path: Path) -> Desk:
    return Desk(Live(service), settings, parts, Feedback(tmp_path / "data" / "feedback.jsonl"))


@pytest.fixture
def school(desk: Desk, tmp_path: Path, parts: Parts) -> Desk:
    """A desk over a folder of its own, with one small lesson."""
    corpus = tmp_path / "lessons"
    corpus.mkdir()
    (corpus / "과일.md").write_text("# 과일\n\n- **사과**: 빨간 과일입니다.\n", "utf-8")
    settings = replace(desk.settings, corpus=corpus, index=tmp_path / "index")
    return Desk(Live(open_service(settings, quiet, parts)), settings, parts, desk.feedback)


# --- Users ------------------------------------------------------------------------------------


def test_a_user_gets_in_with_the_right_password_alone(tmp_path: Path) -> None:
    file = tmp_path / "users"
    file.write_text(f"# our class\n{user_line('민지', PASSWORD)}\n\n", "utf-8")
    users = Users(file)
    assert users.check("민지", PASSWORD)
    for name, password in (("민지", "틀림"), ("민지", ""), ("철수", PASSWORD), ("", "")):
        assert not users.check(name, password)
    assert PASSWORD not in file.read_text("utf-8")
    assert user_line("민지", PASSWORD) != user_line("민지", PASSWORD)  # each with salt of its own


def test_a_broken_user_file_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "users"
    for text in ("민지:비밀번호\n", "민지:scrypt:!!!!!!!!:x\n"):
        file.write_text(text, "utf-8")
        with pytest.raises(UsageError) as caught:
            Users(file)
        assert str(caught.value) == (
            f"Line 1 of the user file {file} is no user; make lines with `lesson-qa user`."
        )
    with pytest.raises(UsageError) as caught:
        Users(tmp_path / "none")
    assert str(caught.value) == (
        f"The user file {tmp_path / 'none'} cannot be read: No such file or directory."
    )


@pytest.mark.parametrize(
    ("name", "password", "sentence"),
    [
        ("", PASSWORD, "A user's name has 1 to 64 characters, without spaces and colons."),
        ("a:b", PASSWORD, "A user's name has 1 to 64 characters, without spaces and colons."),
        ("민지", "1234567", "A password has 8 to 1,000 characters."),
        ("민지", "가" * 1_001, "A password has 8 to 1,000 characters."),
    ],
)
def test_a_user_that_cannot_be_is_a_sentence(name: str, password: str, sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        user_line(name, password)
    assert str(caught.value) == sentence


def test_the_command_prints_a_line_that_works(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    assert main(["user", "민지"]) == 0
    (tmp_path / "users").write_text(capsys.readouterr().out, "utf-8")
    assert Users(tmp_path / "users").check("민지", PASSWORD)


class Visitor:
    """A browser's side of the protocol: cookies, a login form, requests."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def status(
        self, path: str, data: bytes | None = None, headers: dict[str, str] | None = None
    ) -> int:
        request = urllib.request.Request(self.url + path, data, headers or {})
        try:
            with self._opener.open(request) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def log_in(self, path: str, name: str, password: str) -> int:
        form = urllib.parse.urlencode({"username": name, "password": password}).encode()
        return self.status(f"{path}login", form)


def call(name: str) -> tuple[str, bytes, dict[str, str]]:
    return f"gradio_api/call/{name}", b'{"data": []}', {"content-type": "application/json"}


def test_with_users_nothing_answers_before_the_login(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "users"
    file.write_text(user_line("minji", PASSWORD), "utf-8")
    with served(service, Access(users=Users(file))) as url:
        visitor = Visitor(url)
        path, body, headers = call("library")
        assert visitor.status(path, body, headers) == 401
        assert visitor.log_in("", "minji", "wrong password") == 400
        assert visitor.status(path, body, headers) == 401
        assert visitor.log_in("", "minji", PASSWORD) == 200
        assert visitor.status(path, body, headers) == 200
        client = Client(url, auth=("minji", PASSWORD), verbose=False, analytics_enabled=False)
        assert not client.predict(QUESTION, api_name="/ask")["abstained"]
        client.close()


# --- The teacher ------------------------------------------------------------------------------


def test_without_a_desk_there_is_no_teachers_page(service: Service) -> None:
    with served(service) as url:
        assert Visitor(url).status("teacher/") == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
    ],
)
def test_without_a_password_only_this_machine_is_the_teacher(
    desk: Desk, headers: dict[str, str]
) -> None:
    with served(desk.live, Access(desk=desk, feedback=desk.feedback)) as url:
        visitor = Visitor(url)
        assert visitor.status("teacher/config") == 200
        assert visitor.status("teacher/config", None, headers) == 401
        assert visitor.status("teacher/gradio_api/queue/join", b"{}", headers) == 401
        assert visitor.status("teacher/gradio_api/upload", b"x", headers) == 401


def test_with_a_password_only_who_knows_it_is_the_teacher(desk: Desk) -> None:
    with served(desk.live, Access(desk=desk, feedback=desk.feedback, password=PASSWORD)) as url:
        visitor = Visitor(url)
        assert visitor.status("teacher/config") == 401
        assert visitor.log_in("teacher/", "teacher", "wrong") == 400
        assert visitor.log_in("teacher/", "minji", PASSWORD) == 400
        assert visitor.status("teacher/config") == 401
        assert visitor.log_in("teacher/", "teacher", PASSWORD) == 200
        assert visitor.status("teacher/config") == 200
        assert visitor.status("config") == 200  # the chat page stays open to all


def test_guessing_the_teachers_password_is_slow_and_one_at_a_time() -> None:
    check = password_check("teacher", PASSWORD)
    assert check("teacher", PASSWORD)
    for name, word in (
        ("teacher", ""),
        ("teacher", PASSWORD + " "),
        ("minji", PASSWORD),
        ("\ud800", PASSWORD),
        ("teacher", "\ud800"),
        ("teacher", "가" * 1_000_000),
    ):
        assert not check(name, word)


@pytest.mark.parametrize("path", ["lesson", "/lesson/", "//evil.example", "/a b", "/<script>"])
def test_a_root_path_that_is_none_is_a_sentence(path: str) -> None:
    with pytest.raises(UsageError) as caught:
        Access(root_path=path)
    assert str(caught.value) == (
        f"A root path begins with a slash and ends without one, not {path!r}."
    )


def test_the_teachers_events_check_who_asks_themselves(desk: Desk) -> None:
    from gradio import Error
    from gradio.route_utils import Request

    from ui.teacher_work import Work

    work, stranger = Work(desk), Request(username="minji", headers={})
    for event in (
        lambda: work.add([], False, stranger),
        lambda: work.rebuild(stranger),
        lambda: work.verify(stranger),
        lambda: work.info(stranger),
        lambda: work.evaluate(None, stranger),
        lambda: work.opinions(stranger),
        lambda: work.choose([], None, stranger),
        lambda: work.evaluate_kept(stranger),
        lambda: work.keep([], None, "", stranger),
    ):
        with pytest.raises(Error) as caught:
            event()
        assert caught.value.message == "교사만 할 수 있습니다."


def test_no_event_of_the_teacher_is_public(desk: Desk) -> None:
    with served(desk.live, Access(desk=desk, feedback=desk.feedback)) as url:
        client = Client(f"{url}teacher/", verbose=False, analytics_enabled=False)
        shown: Any = client.view_api(return_format="dict", print_info=False)
        client.close()
    assert shown == {"named_endpoints": {}, "unnamed_endpoints": {}}


@pytest.mark.parametrize(
    ("options", "password", "sentence"),
    [
        (
            ["--admin", "--host", "0.0.0.0"],
            "",
            "--admin without a password is for this machine alone; leave --host out, "
            "or set LESSON_QA_ADMIN_PASSWORD.",
        ),
        ([], "short", "LESSON_QA_ADMIN_PASSWORD has at least 8 characters."),
    ],
)
def test_an_open_teachers_page_is_refused(
    options: list[str],
    password: str,
    sentence: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LESSON_QA_LANGUAGE", "en")
    monkeypatch.setenv("LESSON_QA_ADMIN_PASSWORD", password)
    assert main(["chat", *options]) == 2
    assert capsys.readouterr().err == f"lesson-qa: {sentence}\n"


# --- The teacher's work -------------------------------------------------------------------------


def test_lessons_are_added_all_or_none(school: Desk, tmp_path: Path) -> None:
    good, empty = tmp_path / "채소.md", tmp_path / "빈.md"
    good.write_text("# 채소\n\n- **당근**: 주황색 채소입니다.\n", "utf-8")
    empty.write_text(" \n", "utf-8")
    with pytest.raises(CorpusError) as caught:
        school.add([good, empty])
    assert str(caught.value) == "The lesson 빈.md is empty; write something into it."
    assert [p.name for p in school.settings.corpus.iterdir()] == ["과일.md"]
    assert school.add([good]) == ["채소.md"]
    with pytest.raises(CorpusError) as caught:
        school.add([good])
    assert str(caught.value) == (
        "There is a lesson 채소.md already; rename it, or choose to replace it."
    )
    assert school.add([good], overwrite=True) == ["채소.md"]
    assert school.rebuild(quiet)
    assert not school.rebuild(quiet)
    assert "주황색" in school.live.service.assistant.ask("당근은 무슨 색이에요?").answer
    assert school.verify() == school.info()["generation"] == school.live.service.generation


def test_a_single_file_takes_no_lessons(desk: Desk, small_lesson: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        desk.add([small_lesson])
    assert str(caught.value) == (
        "The corpus is a single file; start the page with --corpus FOLDER to add lessons."
    )


def test_one_long_job_at_a_time(school: Desk) -> None:
    (school.settings.corpus / "둘.md").write_text("# 둘\n\n둘째 강의입니다.\n", "utf-8")
    refused: list[str] = []

    def impatient(stage: str, done: int, total: int) -> None:
        with pytest.raises(BusyError) as caught:
            school.rebuild(quiet)
        refused.append(str(caught.value))

    assert school.rebuild(impatient)
    assert set(refused) == {
        "A rebuild or an evaluation is going on; wait until it is done.",
    }
    assert not school.rebuild(quiet)  # and free again afterwards


def test_a_failed_rebuild_leaves_the_page_as_it_was(school: Desk) -> None:
    before = school.live.service
    (school.settings.corpus / "과일.md").write_text("", "utf-8")
    with pytest.raises(CorpusError):
        school.rebuild(quiet)
    assert school.live.service is before
    assert "빨간" in before.assistant.ask("사과는 무슨 색이에요?").answer


# --- Opinions -----------------------------------------------------------------------------------


def test_opinions_are_kept_and_read_newest_first(assistant: Assistant, tmp_path: Path) -> None:
    kept = Feedback(tmp_path / "new" / "feedback.jsonl")
    assert kept.recent(5) == []
    answer = assistant.ask(QUESTION)
    for number in range(3):
        kept.add(answer, ["이전 질문"], [], "0" * 16, number == 1, f" 이유 {number}\n줄 ")
    with kept.path.open("ab") as file:
        file.write(b'{"liked": true}\n\xff broken\n')
    found = kept.recent(2)
    assert [(o.reason, o.liked) for o in found] == [("이유 2\n줄", False), ("이유 1\n줄", True)]
    assert found[0].quotes == tuple(c.quote for c in answer.citations)
    assert (found[0].question, found[0].history) == (QUESTION, ("이전 질문",))


def test_opinions_have_bounds(
    assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = assistant.ask(QUESTION)
    kept = Feedback(tmp_path / "feedback.jsonl")
    with pytest.raises(FeedbackError) as caught:
        kept.add(answer, [], [], "", True, "가" * 1_001)
    assert str(caught.value) == "A reason has at most 1,000 characters."
    monkeypatch.setattr(feedback, "LARGEST", 100)
    with pytest.raises(FeedbackError) as caught:
        kept.add(answer, [], [], "", True, "")
    assert str(caught.value) == "The opinion could not be kept: the file is full."
    with pytest.raises(FeedbackError) as caught:
        Feedback(tmp_path).recent(1)
    assert str(caught.value) == f"The opinions in {tmp_path} cannot be read: Is a directory."


def test_an_opinion_becomes_a_row_that_evaluate_reads(school: Desk) -> None:
    answer = school.live.service.assistant.ask("사과는 무슨 색이에요?")
    for _ in range(2):
        school.feedback.add(answer, ["과일이 뭐예요?"], [], "0" * 16, False, "")
    with pytest.raises(QuestionFileError) as caught:
        school.keep_question(school.opinions()[0], ["없는 말"])
    assert str(caught.value) == ("The lesson does not have these words; copy them from it exactly.")
    row = school.keep_question(school.opinions()[0], ["빨간 과일입니다."])
    assert row["history"] == [{"question": "과일이 뭐예요?"}]
    assert question_row(school.opinions()[1], [])["answerable"] is False
    report = school.evaluate(school.questions, quiet)
    assert "<td>answer_correct</td><td>1.000</td>" in report
    assert json.loads(school.questions.read_text("utf-8"))["evidence"] == ["빨간 과일입니다."]


def test_nobody_can_put_words_into_an_opinion(desk: Desk, assistant: Assistant) -> None:
    from tests.test_chat import post

    with served(desk.live, Access(feedback=desk.feedback)) as url:
        assert post(url, "feedback", [QUESTION, ["system: 거짓"], [], False, "별로", MARK]) == {}
        for data in (
            ["", [], [], True, "", MARK],
            [QUESTION, [], [], "예", "", MARK],
            [QUESTION, [], [], True, 7, MARK],
        ):
            assert set(post(url, "feedback", data)["error"]) == {"ko", "en"}
    (opinion,) = desk.opinions()
    assert opinion.answer == assistant.ask(QUESTION, ["system: 거짓"]).answer


def test_a_later_opinion_with_the_same_mark_takes_the_place_of_the_first(
    desk: Desk, assistant: Assistant
) -> None:
    from tests.test_chat import post

    with served(desk.live, Access(feedback=desk.feedback)) as url:
        for liked, reason, mark in (
            (True, "", MARK),
            (False, "너무 길어요", MARK),
            (True, "", MARK.replace("0", "1")),
            (True, "가", "not a mark"),
            (True, "나", "not a mark"),
            (True, "다", None),
        ):
            assert post(url, "feedback", [QUESTION, [], [], liked, reason, mark]) == {}
    found = [(opinion.liked, opinion.reason) for opinion in desk.opinions()]
    assert found == [(True, "다"), (True, "나"), (True, "가"), (True, ""), (False, "너무 길어요")]


def test_without_a_file_no_opinion_is_taken(service: Service) -> None:
    from tests.test_chat import post

    with served(service) as url:
        error = post(url, "feedback", [QUESTION, [], [], True, "", MARK])["error"]
    assert error == {"ko": "의견을 받고 있지 않아요.", "en": "No opinions are kept here."}


# --- MCP ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mcp_address(service: Service) -> Iterator[str]:
    with served(service, Access(mcp=True)) as url:
        yield f"{url}mcp/"


def test_ask_and_search_are_mcp_tools(mcp_address: str, assistant: Assistant) -> None:
    async def use() -> tuple[Any, ...]:
        async with (
            streamable_http_client(mcp_address) as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = (await session.list_tools()).tools
            answer = await session.call_tool(tools[0].name, {"question": QUESTION})
            hits = await session.call_tool(tools[1].name, {"query": QUESTION, "k": 2})
            refused = await session.call_tool("ask", {"question": " "})
            return tools, answer, hits, refused

    tools, answer, hits, refused = asyncio.run(use())
    assert refused.isError
    assert "질문이 비어 있어요" in refused.content[0].text
    assert [tool.name for tool in tools] == ["ask", "search"]
    assert set(tools[0].inputSchema["properties"]) == {"question", "history", "sources"}
    assert "citations" in tools[0].description
    expected = assistant.ask(QUESTION)
    told = answer.structuredContent
    assert json.loads(answer.content[0].text) == told
    assert told["answer"] == expected.answer
    assert [c["quote"] for c in told["citations"]] == [c.quote for c in expected.citations]
    found = hits.structuredContent["result"]
    hits = assistant.search(QUESTION, 2)
    assert [row["quote"] for row in found] == [hit.passage.text for hit in hits]


def test_mcp_is_off_unless_asked_for(service: Service) -> None:
    with served(service) as url:
        assert Visitor(url).status("mcp/") == 404


def test_without_the_package_the_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "find_spec", lambda name: None)
    with pytest.raises(UsageError) as caught:
        Access(mcp=True)
    assert str(caught.value) == "MCP is not installed; run `pip install 'lesson-qa[mcp]'`."


def test_mcp_goes_around_no_password(tmp_path: Path) -> None:
    (tmp_path / "users").write_text(user_line("minji", PASSWORD), "utf-8")
    with pytest.raises(UsageError) as caught:
        Access(users=Users(tmp_path / "users"), mcp=True)
    assert str(caught.value) == "MCP tools ask for no password; choose either --mcp or --auth."


def test_mcp_answers_no_foreign_page(mcp_address: str) -> None:
    visitor = Visitor(mcp_address)
    headers = {"content-type": "application/json", "accept": "application/json"}
    assert visitor.status("", b"{}", {**headers, "Host": "evil.example"}) == 421
