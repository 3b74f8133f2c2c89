"""Every word of the chat page that is not the lesson's or an answer's, in Korean and English."""

from __future__ import annotations

from typing import TypedDict


class Text(TypedDict):
    """One label or message in both languages of the page."""

    ko: str
    en: str


def _text(ko: str, en: str) -> Text:
    return {"ko": ko, "en": en}


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
    "no_lesson": _text("강의를 불러오지 못했어요.", "The lesson could not be loaded."),
    "generation": _text("색인", "Index"),
}
