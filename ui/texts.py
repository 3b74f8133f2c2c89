"""Every word of the chat page that is not the lesson's or an answer's, in Korean and English."""

from __future__ import annotations

from typing import TypedDict


class Text(TypedDict):
    """One label or message in both languages of the page."""

    ko: str
    en: str


def _text(ko: str, en: str) -> Text:
    return {"ko": ko, "en": en}


def page_name(source: str, page: int) -> Text:
    """What a page of this document is called: presentations have slides."""
    if source.lower().endswith(".pptx"):
        return _text(f"슬라이드 {page}", f"slide {page}")
    return _text(f"{page}쪽", f"p. {page}")


TEXTS: dict[str, Text] = {
    "title": _text("강의 질문·답변", "Lesson Q&A"),
    "language": _text("English", "한국어"),
    "language_label": _text("Switch the page to English", "페이지를 한국어로 바꾸기"),
    "new": _text("새 대화", "New chat"),
    "lesson": _text("강의 보기", "Lesson"),
    "lesson_title": _text("강의", "Lesson"),
    "lesson_loading": _text("강의를 불러오고 있어요…", "Loading the lesson…"),
    "document": _text("볼 강의 고르기", "Choose the document to read"),
    "contents": _text("목차", "Contents"),
    "close": _text("닫기", "Close"),
    "conversation": _text("대화", "Conversation"),
    "welcome": _text("무엇이 궁금하세요?", "What would you like to know?"),
    "welcome_more": _text(
        "강의에 나온 말로만 답하고, 근거가 된 문장을 함께 보여 드려요. "
        "강의에 없는 내용은 없다고 말씀드려요.",
        "Answers use only the lesson's own words and show the sentences they rest on. "
        "What the lesson does not say, the page says so. Questions in Korean work best.",
    ),
    "examples": _text("이렇게 물어보세요", "Try asking"),
    "ask_label": _text("질문", "Question"),
    "placeholder": _text("강의에 대해 물어보세요", "Ask about the lesson"),
    "keys": _text(
        "Enter로 보내고, Shift+Enter로 줄을 바꿔요.",
        "Enter sends, Shift+Enter breaks the line.",
    ),
    "send": _text("보내기", "Send"),
    "stop": _text("멈추기", "Stop"),
    "you": _text("내 질문", "Your question"),
    "answer": _text("답변", "Answer"),
    "thinking": _text("강의에서 찾고 있어요…", "Looking in the lesson…"),
    "understood": _text("이렇게 이해했어요", "Understood as"),
    "sources": _text("근거", "Sources"),
    "more_sources": _text("근거 더 보기", "More sources"),
    "see_source": _text("강의에서 근거 보기", "Show the source in the lesson:"),
    "next": _text("이어서 물어보기", "Ask next"),
    "instead": _text("이런 질문에는 답할 수 있어요", "The lesson can answer"),
    "copy": _text("근거와 함께 복사", "Copy with sources"),
    "why": _text("왜 이런 답인가요?", "Why this answer?"),
    "copied": _text("복사했어요", "Copied"),
    "copy_failed": _text("복사하지 못했어요", "Could not copy"),
    "stopped": _text("여기서 멈췄어요.", "Stopped here."),
    "problem": _text("답하지 못했어요", "No answer"),
    "notices": _text("알림", "Notices"),
    "failed": _text(
        "답을 만들다가 문제가 생겼어요. 잠시 뒤 다시 물어봐 주세요.",
        "Something went wrong while answering; please ask again in a moment.",
    ),
    "busy": _text(
        "지금 질문이 많이 몰렸어요. 잠시 뒤 다시 물어봐 주세요.",
        "Many questions are waiting; please ask again in a moment.",
    ),
    "offline": _text(
        "서버에 연결할 수 없어요. 강의 페이지를 연 프로그램이 실행 중인지 확인해 주세요.",
        "The server cannot be reached; check that the program behind this page is running.",
    ),
    "log_in": _text("강의 질문·답변에 로그인해 주세요.", "Log in to Lesson Q&A."),
    "lesson_changed": _text(
        "이 답을 드린 뒤에 강의가 바뀌었어요. 다시 물어보시면 지금 강의로 답해 드려요.",
        "The lesson has changed since this answer; ask again to be answered from it as it is now.",
    ),
    "search": _text("강의에서 찾기", "Find in the lesson"),
    "search_next": _text("다음 찾기", "Next match"),
    "search_previous": _text("이전 찾기", "Previous match"),
    "search_none": _text("없어요", "none"),
    "choose": _text("물어볼 강의", "Lessons to ask"),
    "choose_all": _text("모든 강의", "All lessons"),
    "choose_filter": _text("강의 이름으로 찾기", "Find a lesson by name"),
    "teacher": _text("교사용", "Teacher"),
    "export": _text("대화 저장", "Save chat"),
    "export_markdown": _text("Markdown으로 저장", "Save as Markdown"),
    "export_json": _text("JSON으로 저장", "Save as JSON"),
    "like": _text("도움이 됐어요", "Helpful"),
    "dislike": _text("아쉬워요", "Not helpful"),
    "reason": _text("어떤 점이 그랬나요? (선택)", "What made it so? (optional)"),
    "reason_send": _text("의견 보내기", "Send"),
    "thanks": _text("의견 고마워요.", "Thank you for telling us."),
    "no_lesson": _text("강의를 불러오지 못했어요.", "The lesson could not be loaded."),
    "generation": _text("색인", "Index"),
}

# Of the teacher's page; the stages of long work stand under their own names.
TEACHER_TEXTS: dict[str, Text] = {
    "title": _text(
        "## 교사용 페이지\n강의를 더하고, 색인을 다시 만들고, 답의 품질을 확인합니다. "
        "[질문 페이지로](../)",
        "## For the teacher\nAdd lessons, rebuild the index, check the quality of answers. "
        "[To the chat](../)",
    ),
    "log_in": _text(
        "교사용 페이지입니다. 이름은 teacher, 비밀번호는 이 프로그램을 연 분에게 물어보세요.",
        "The teacher's page. The name is teacher; ask who started this program for the password.",
    ),
    "lessons": _text("강의와 색인", "Lessons and index"),
    "info": _text("지금 답하고 있는 색인", "The index that answers now"),
    "files": _text("더할 강의 파일", "Lesson files to add"),
    "overwrite": _text("같은 이름의 강의가 있으면 바꾸어 넣기", "Replace lessons of the same name"),
    "add": _text("강의 더하기", "Add lessons"),
    "rebuild": _text("색인 다시 만들기", "Rebuild the index"),
    "verify": _text("색인 검사", "Verify the index"),
    "added": _text("더했습니다. 이제 색인을 다시 만들어 주세요", "Added; now rebuild the index"),
    "rebuilt": _text(
        "색인을 다시 만들었습니다. 이제부터 새 색인으로 답합니다.",
        "The index is rebuilt; answers come from it from now on.",
    ),
    "unchanged": _text("바뀐 것이 없습니다.", "Nothing has changed."),
    "whole": _text("색인이 온전합니다", "The index is whole"),
    "evaluation": _text("평가", "Evaluation"),
    "evaluation_more": _text(
        "질문 파일(JSONL, CSV)을 고르면 지금 강의로, 고르지 않으면 이 프로그램의 기본 질문으로 "
        "평가합니다.",
        "With a question file (JSONL, CSV), over the lessons here; without, the program's own.",
    ),
    "questions": _text("질문 파일", "Question file"),
    "evaluate": _text("평가하기", "Evaluate"),
    "opinions": _text("학생 의견", "Opinions"),
    "fetch": _text("최근 의견 보기", "Show recent opinions"),
    "time": _text("때", "Time"),
    "liked": _text("평가", "Verdict"),
    "yes": _text("도움이 됐어요", "Helpful"),
    "no": _text("아쉬워요", "Not helpful"),
    "question": _text("질문", "Question"),
    "reason": _text("이유", "Reason"),
    "chosen": _text("고른 의견", "The opinion chosen"),
    "quotes": _text(
        "바른 답의 근거가 되는 강의의 말 (한 줄에 하나, 없으면 강의에 없는 질문)",
        "The lesson's words a right answer rests on (one a line; none: the lesson does not say)",
    ),
    "keep": _text("질문 파일에 넣기", "Keep as a question"),
    "row": _text("질문 파일에 넣은 줄", "The row that was kept"),
    "choose_first": _text("의견을 먼저 골라 주세요.", "Choose an opinion first."),
    "forbidden": _text("교사만 할 수 있습니다.", "Only the teacher may do this."),
    "documents": _text("강의를 읽는 중", "Reading lessons"),
    "terms": _text("단어를 나누는 중", "Splitting words"),
    "vectors": _text("문장을 벡터로 바꾸는 중", "Encoding sentences"),
}
