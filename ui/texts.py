"""Every word of the chat page that is not the lesson's or an answer's, in Korean and English."""

from __future__ import annotations

from typing import Literal, TypedDict

Language = Literal["ko", "en"]


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
    "menu": _text("메뉴", "Menu"),
    "theme_dark": _text("어두운 화면으로 보기", "Use the dark theme"),
    "theme_light": _text("밝은 화면으로 보기", "Use the light theme"),
    "undo": _text("방금 대화로 돌아가기", "Back to the last conversation"),
    "again": _text("다시 물어보기", "Ask again"),
    "lesson": _text("강의", "Lesson"),
    "lesson_open": _text("강의 보기", "Lesson: show it"),
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
    "see_source": _text("강의에서 근거 보기", "Show the source in the lesson:"),
    "next": _text("이어서 물어보기", "Ask next"),
    "instead": _text("이런 질문에는 답할 수 있어요", "The lesson can answer"),
    "copy": _text("근거와 함께 복사", "Copy with sources"),
    "why": _text("왜 이런 답인가요?", "Why this answer?"),
    "copied": _text("복사했어요", "Copied"),
    "copy_failed": _text("복사하지 못했어요", "Could not copy"),
    "stopped": _text("여기서 멈췄어요.", "Stopped here."),
    "notices": _text("알림", "Notices"),
    "failed": _text(
        "답을 만들다가 문제가 생겼어요. 잠시 뒤 다시 물어봐 주세요.",
        "Something went wrong while answering; please ask again in a moment.",
    ),
    "busy": _text(
        "지금 질문이 많이 몰렸어요. 잠시 뒤 다시 물어봐 주세요.",
        "Many questions are waiting; please ask again in a moment.",
    ),
    "logged_out": _text(
        "로그인이 풀렸어요. 페이지를 새로 고친 뒤 다시 로그인해 주세요.",
        "You are logged out; reload the page and log in again.",
    ),
    "too_long": _text(
        "질문이 너무 길어요. {over}자만 줄여 주세요.",
        "The question is too long by {over} characters.",
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
    "teacher": _text("교사용 페이지", "Teacher's page"),
    "export_markdown": _text("대화를 Markdown으로 저장", "Save the chat as Markdown"),
    "export_json": _text("대화를 JSON으로 저장", "Save the chat as JSON"),
    "like": _text("도움이 됐어요", "Helpful"),
    "dislike": _text("아쉬워요", "Not helpful"),
    "reason": _text("어떤 점이 그랬나요? (선택)", "What made it so? (optional)"),
    "reason_send": _text("의견 보내기", "Send"),
    "counted": _text("의견을 남겼어요.", "Your opinion is kept."),
    "thanks": _text("의견 고마워요.", "Thank you for telling us."),
    "no_lesson": _text("강의를 불러오지 못했어요.", "The lesson could not be loaded."),
    "generation": _text("색인", "Index"),
}

# What an answer says that is not of the lesson's words, as `rag` writes it and in English.
REPLIES: tuple[Text, ...] = (
    _text("강의에 없는 내용이에요.", "The lesson does not say."),
    _text(
        "안녕하세요! 강의 내용에 대해 궁금한 점을 물어보세요.",
        "Hello! Ask whatever you would like to know about the lesson.",
    ),
    _text(
        "도움이 되었다니 기뻐요. 더 궁금한 점이 있으면 물어보세요.",
        "Glad to help. Ask if there is anything else you would like to know.",
    ),
    _text(
        "궁금한 점이 있으면 강의 내용에 대해 물어보세요.",
        "If there is something you would like to know, ask about the lesson.",
    ),
    _text(
        "저는 강의 내용에 대한 질문에만 답할 수 있어요.",
        "I can only answer questions about the lesson.",
    ),
    _text(
        "저는 강의에서 답을 찾아 근거와 함께 알려 드리는 질문 도우미예요.",
        "I find answers in the lesson and show the words they rest on.",
    ),
)

# Of the teacher's page; the stages of long work stand under their own names.
TEACHER_TEXTS: dict[str, Text] = {
    "title": _text(
        "# 교사용 페이지\n강의를 더하고, 색인을 다시 만들고, 답의 품질을 확인합니다. "
        "[질문 페이지로](../)",
        "# For the teacher\nAdd lessons, rebuild the index, check the quality of answers. "
        "[To the chat](../)",
    ),
    "log_in": _text(
        "교사용 페이지입니다. 이름은 teacher, 비밀번호는 이 프로그램을 연 분에게 물어보세요.",
        "The teacher's page. The name is teacher; ask who started this program for the password.",
    ),
    "lessons": _text("강의와 색인", "Lessons and index"),
    "info": _text("지금 답하고 있는 색인", "The index that answers now"),
    "info_generation": _text("색인", "Index"),
    "info_encoder": _text("인코더", "Encoder"),
    "info_device": _text("장치", "Device"),
    "info_lessons": _text("강의", "Lessons"),
    "info_passages": _text("단락", "Passages"),
    "info_index": _text("색인 위치", "Kept in"),
    "told": _text("결과", "Result"),
    "no_files": _text("더할 강의 파일을 먼저 골라 주세요.", "Choose the lesson files first."),
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
    "evaluate_kept": _text(
        "학생 의견으로 만든 질문으로 평가하기", "Evaluate with the questions made of opinions"
    ),
    "nothing_kept": _text(
        "아직 학생 의견으로 만든 질문이 없습니다. ‘학생 의견’에서 먼저 만들어 주세요.",
        "There are no questions made of opinions yet; make some under ‘Opinions’.",
    ),
    "save_report": _text("보고서 파일로 저장", "Save the report"),
    "opinions": _text("학생 의견", "Opinions"),
    "fetch": _text("새로 고침", "Refresh"),
    "rows": _text("최근 의견", "Recent opinions"),
    "no_opinions": _text("아직 의견이 없습니다.", "There are no opinions yet."),
    "yes": _text("도움이 됐어요", "Helpful"),
    "no": _text("아쉬워요", "Not helpful"),
    "chosen": _text("고른 의견", "The opinion chosen"),
    "quotes": _text(
        "바른 답의 근거가 되는 강의의 말 (한 줄에 하나, 없으면 강의에 없는 질문)",
        "The lesson's words a right answer rests on (one a line; none: the lesson does not say)",
    ),
    "keep": _text("질문 파일에 넣기", "Keep as a question"),
    "row": _text("질문 파일에 넣은 줄", "The row that was kept"),
    "kept": _text("질문 파일에 넣었습니다", "Kept as a question"),
    "choose_first": _text("의견을 먼저 골라 주세요.", "Choose an opinion first."),
    "forbidden": _text("교사만 할 수 있습니다.", "Only the teacher may do this."),
    "documents": _text("강의를 읽는 중", "Reading lessons"),
    "terms": _text("단어를 나누는 중", "Splitting words"),
    "vectors": _text("문장을 벡터로 바꾸는 중", "Encoding sentences"),
    "words": _text("단어를 벡터로 바꾸는 중", "Encoding words"),
    "waiting": _text("다른 색인 작업이 끝나기를 기다리는 중", "Waiting for another build"),
}
