"""Words that stand for something said before ("그건", "it"), and the question in full."""

from __future__ import annotations

import re

from rag.naming import with_particle

_PARTICLE = (
    r"(?:에서는|에서도|에서|서는|서도|서|에는|엔|에도|에게|에|으로|로|보다|까지|부터|처럼|이랑|랑|하고|"
    r"한테|만|면|의|도|를|을|은|는|이|가|과|와|요)?"
)
# A pronoun with what its end says of its part in the sentence: "그건" is "그것은".
_PRONOUN = (
    r"(?:(?P<short>[그이저][건게걸])|"
    rf"(?:그것|그거|이것|이거|저것|저거|거기|여기|그곳|이곳|그쪽|이쪽|그들|걔|얘|"
    rf"(?<![가이은는]\s)(?:둘|두\s*(?:개|가지|것)))(?P<end>{_PARTICLE}))"
    r"(?=요?(?![가-힣]))"
)
_FOREIGN = r"(?P<foreign>\b(?:its?|that|this|they|them|those|these)\b|それ|它)"
_POINTING = re.compile(
    rf"(?:^|(?<=\s)){_PRONOUN}|(?:^|\s)(?:그\s|이\s(?!문장)|해당|앞의|앞에|방금|위의|아까)|{_FOREIGN}",
    re.I,
)
_IN_FULL = {
    "건": "은", "게": "이", "걸": "을", "엔": "에는",
    "서": "에서", "서는": "에서는", "서도": "에서도",
}  # fmt: skip
# "그건 됐고": what comes after it has nothing to do with what came before.
_DISMISSING = re.compile(
    r"^(?:아|음|네)?\s*(?:(?:그건|그거는?|그\s*얘기는|이건)\s*(?:이제|일단|다)?\s*"
    r"(?:그렇고|(?:됐|알겠|알았|이해했)(?:고|어요?|습니다)|넘어가고|그만하고)|그나저나|아무튼|"
    r"(?:다른|딴)\s*(?:얘기|이야기|질문)(?:인데요?|입니다만|이지만|지만)|(?:화제|주제)를\s*바꿔서|"
    r"never\s*mind|anyway|by the way)[\s,.;:]+(?=\S)",
    re.I,
)
_OPENING = re.compile(
    r"^(?:그럼|그러면|그렇다면|그런데|근데|그리고|또|반대로|반면|대신|나머지|then|and|so)\b\s*,?\s*",
    re.I,
)
# A question that begins so lacks what it is about: "누가 관리해요?".
_ASKS = re.compile(
    r"(?:누구|누가|언제|어디|왜|어떻게|어떤|얼마|몇|무엇|무슨|뭐|뭘|뭔)(?:[가-힣]{0,4})?(?=[\s?]|$)"
)


def undismissed(text: str) -> str:
    """The question without an opening that leaves the subject: "그건 됐고, NGC는 뭐예요?"."""
    return _DISMISSING.sub("", text, count=1)


def points(text: str) -> bool:
    """Whether a word of the text stands for something said before: "그건", "그 서비스", "it"."""
    return bool(_POINTING.search(text))


def without_opening(text: str) -> str:
    """The question without "그럼" and the like in front."""
    return _OPENING.sub("", text)


def completed(text: str, name: str, takes_particle: bool) -> str:
    """The follow-up with ``name`` for what it points at, or in front where it names nothing.

    "그건 누가 관리해요?" is "NGC는 누가 관리해요?", "누가 관리해요?" the same, "가격은요?" is
    "NGC 가격은요?", "Who runs it?" is "Who runs NGC?". A row of words that is no name
    ``takes_particle`` not.
    """
    rest = without_opening(text)
    pointing = _POINTING.search(rest)
    if pointing is None:
        lacking = takes_particle and _ASKS.match(rest)
        subject = with_particle(name, "은") if lacking else name
        return f"{subject} {rest}".strip()
    short, end, foreign = pointing.group("short", "end", "foreign")
    before, after = rest[: pointing.start()], rest[pointing.end() :]
    if foreign:
        said = name + "'s" * (foreign.casefold() == "its")
    elif short or end is not None:
        end = short[-1] if short else end
        said = with_particle(name, _IN_FULL.get(end, end)) if takes_particle else f"{name} "
    else:
        before, said = f"{name} {before}", " "
    return " ".join(f"{before}{said}{after}".split())
