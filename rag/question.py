"""What a question asks for, read from how Korean (and English) questions are built.

Nothing here knows a lesson's subject: only question words, endings and the nouns people ask with.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.asking import ASKING, asks_of_lesson
from rag.comparison import sides
from rag.errors import QuestionError
from rag.normalize import match_key
from rag.search import Analyzer, Term

Kind = Literal["definition", "list", "comparison", "number", "yesno", "procedure", "fact"]

LONGEST_QUESTION = 2_000  # characters; a lesson question is a sentence or a few

_CONTENT = frozenset({"NNG", "NNP", "NR", "VV", "VA", "XR", "SL", "SH", "SN", "MM", "MAG", "NNB"})
# "부탁드려요", "며칠", "이제": words of asking too, but an index knows those of ASKING.
_ASKING_TOO = frozenset({"드리", "며칠", "이제"})
_WORDS = _CONTENT | {"NP"}  # and what stands for them

_COMPARISON = re.compile(
    r"차이|비교|다른\s*(점|건가|거|것)|다른(?:가(?!게)|지(?!역|점|방))|다르|다릅|다를까|다름(?!\s*(이\s*)?(아니|아닌|없))|달라|달랐|틀린|같은\s*(건가|거야|거예요|것인가)|공통|구별|구분|\bvs\b|versus|differ|compare|違い|区别|不同|差异",
    re.I,
)
_EACH = re.compile(r"각각|둘\s*다|(?:뭐|무엇)이?(?:고|며)\s")
_DEFINITION = re.compile(
    r"(이란|란|이라는\s*(게|건|것은?)|라는\s*(게|건|것은?))\s*(무엇|뭐|뭔|뭘|머|\?|$|어떤)"
    r"|(이|가|은|는|란|이란|게|건|것은)\s*(뭐|뭔|뭘까|무엇|머에|머야|모야|모에)"
    r"|뭐(야|예요|에요|죠|임|니|지|냐|하는)|무엇(인가|입니까|이에요|인지|일까|을\s*(뜻|의미))"
    r"|정의|뜻(이|은|을)?|의미(가|는|를|하)|개념|what('s|\s+is|\s+are)|define|meaning|とは|什么是|是什么",
    re.I,
)
_LIST = re.compile(
    r"무엇무엇|뭐뭐|뭐가\s*있|무엇이\s*있|뭐\s*있|뭐뭐\s*있|어떤\s*(것|게|거|점|종류|모델|기능|서비스|항목|방식|요소|것들).{0,6}있"
    r"|어떤\s*(?:[가-힣A-Za-z]+\s)?[가-힣A-Za-z]+들(?=[이은을에과로\s?]|$)|종류|목록|리스트|나열|열거|모두|전부|모든|전체|다\s*(알려|말해|적어)|각각|가지(를|는|가|로|들|씩)?"
    r"|구성|요소|항목|들(은|을|이|에는|로는)?\s*(무엇|뭐|어떤|알려|말해|설명)|포함|예시|예를"
    r"|\blist\b|what are|which .*s\b|components|一覧|列出|哪些|何がありますか",
    re.I,
)
_NUMBER = re.compile(r"몇|얼마나|얼마|개수|how many|how much|いくつ|何個|多少|几个", re.I)
# "몇 가지고 각각 뭐예요?" wants the things themselves.
_COUNT_AND_NAMES = re.compile(
    r"몇\s*가지.*(?:무엇|무슨|뭐|뭔|알려|설명|각각)|몇\s*(?:개(?!월)|종류|단계|층).*(?:무엇|무슨|뭐|뭔|각각)"
)
_PROCEDURE = re.compile(
    r"순서|절차|단계별|과정|방법|how (do|to|can)|"
    r"어떻게\s*(하|해(?!서)|만들|설치|시작|진행|신청|대처|처리)",
    re.I,
)
_YESNO = re.compile(
    r"(나요|가요|까요|까|니까|냐|니|는지|은지|한지|인지|을지|죠|지요|지|어요|아요|해요|돼요|되요|음|어|아|해|돼)\s*\?*$"
    r"|^(is|are|do|does|can|could|will|did)\b",
    re.I,
)
_WH = re.compile(
    r"무엇|뭐|뭘|뭔|머|누구|누가|어디|언제|어떻|어떤|어느|무슨|왜|얼마|몇|알려|설명|말해|정리|이유|차이|비교|"
    r"what|who|where|when|why|which|how",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood: ``text`` is complete in itself and spelt as the lesson spells.

    ``content`` are the distinct terms it is about, question words left out, in order.
    ``of_lesson``: it asks what the lesson is about, and of nothing in it.
    """

    asked: str
    text: str
    kind: Kind
    content: tuple[Term, ...]
    of_lesson: bool = False

    @property
    def understood(self) -> str:
        """The text where it says other words than were asked; else empty."""
        return self.text if match_key(self.text) != match_key(self.asked) else ""


def clean(text: str) -> str:
    """The question as one line of NFC text, invisible and control characters taken out.

    Raises QuestionError when nothing is left, when it is longer than LONGEST_QUESTION characters,
    or when it holds half of a surrogate pair.
    """
    if len(text) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(text):,} characters; the most is {LONGEST_QUESTION:,}.",
            f"질문이 {len(text):,}자예요. {LONGEST_QUESTION:,}자까지 물어볼 수 있어요.",
        )
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise QuestionError(
            "The question holds a broken character (half of a surrogate pair); type it again.",
            "질문에 깨진 글자가 있어요. 다시 입력해 주세요.",
        )
    visible = "".join(
        " " if unicodedata.category(c) in ("Zs", "Zl", "Zp", "Cc") else c
        for c in unicodedata.normalize("NFC", text)
        if unicodedata.category(c) != "Cf"
    )
    line = unicodedata.normalize("NFC", " ".join(visible.split()))
    if not any(character.isalnum() for character in line):
        raise QuestionError(
            "The question is empty; type a question about the lesson.",
            "질문이 비어 있어요. 강의에 대해 궁금한 점을 적어 주세요.",
        )
    return line


def understand(asked: str, text: str, analyzer: Analyzer) -> Question:
    """What ``text`` asks for. ``asked`` is what the student typed."""
    terms = analyzer.terms(text)
    kind = kind_of(text)
    plain = kind not in ("comparison", "number", "yesno")
    of_lesson = plain and asks_of_lesson(term.form for term in terms if term.tag in _WORDS)
    return Question(asked, text, kind, content_of(terms), of_lesson)


def kind_of(text: str) -> Kind:
    """The kind of answer the question wants; the first that fits of the rules above."""
    if _COMPARISON.search(text) or (_EACH.search(text) and sides(text)):
        return "comparison"
    if _NUMBER.search(text) and not _COUNT_AND_NAMES.search(text):
        return "number"
    if _LIST.search(text):
        return "list"
    if _PROCEDURE.search(text):
        return "procedure"
    if _DEFINITION.search(text):
        return "definition"
    if _YESNO.search(text) and not _WH.search(text):
        return "yesno"
    return "fact"


def content_of(terms: Sequence[Term]) -> tuple[Term, ...]:
    """The distinct terms a question is about.

    Where it has none but words of asking it is about those: "단점이 뭐예요?".
    """
    found: dict[str, Term] = {}
    for term in terms:
        if term.tag in _CONTENT and term.form not in ASKING and term.form not in _ASKING_TOO:
            found.setdefault(term.form, term)
    if not found:
        found = {term.form: term for term in terms if term.tag in ("NNG", "NNP")}
    return tuple(found.values())
