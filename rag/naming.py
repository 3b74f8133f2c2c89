"""Which passages a question names: bullets and headings by what they are called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize
from weakref import WeakKeyDictionary

from rag.asking import ASKING, LESSON, TEXT
from rag.comparison import sides
from rag.lesson import Lesson, Passage, label, split_name
from rag.normalize import match_key
from rag.question import Question
from rag.search import Retriever

_SHORTEST, _LONGEST = 2, 40  # characters of what a passage is called
_FULLY = 0.6  # share of a name's weight that names it: "DGX Cloud" names "NVIDIA DGX Cloud"
_ASKS = re.compile(r"(?:문|질문|Q\d*)\s*[:.)]", re.IGNORECASE)
# "설정하기" is also said by "설정하는 순서".
_ENDING = re.compile(r"(?<=..)(?:하기|하는|하다|되기)$")
_BRACKETED = re.compile(r"([^()（）]+)[(（]([^()（）]+)[)）]$")
_BRACKETS = re.compile(r"(?<=[^\s(])\s*\([^)]*\)$")
_PARTICLES = (("은", "는"), ("이", "가"), ("을", "를"), ("과", "와"), ("이랑", "랑"))
_LATIN = re.compile(r"[a-z0-9]+")
NUMBERED = re.compile(r"^[\dIVXivx가나다라마바사]{1,4}[.)]\s*")
_OF_LESSON = rf"^(?:(?:이|이번|그)\s*)?(?:(?:{'|'.join((*LESSON, *TEXT))})(?:의|에서)?\s+)?"
_TELLING = (
    r"\s*(?:은|는|이|가|을|를|에\s*대해서?|에\s*관해서?)?\s*"
    r"(?:(?:좀|전부|모두|다)\s+)?(?:(?:뭐|무엇|뭔)[가-힣]{0,4}"
    r"|(?:알려|설명|말해|말씀|정리|요약|소개|보여)[가-힣\s]{0,12})?[?.!]*$"
)
_LEAST = 0.1  # weight of a word that every passage has


def is_name(text: str) -> bool:
    """Whether a label is short enough to be a name rather than a sentence."""
    return _SHORTEST <= len(text) <= _LONGEST


def is_sentence(text: str) -> bool:
    """Whether a label ends as a sentence does, so that it is no name."""
    return text.endswith((".", "요", "다", "?", "…"))


def with_particle(name: str, particle: str) -> str:
    """The name with a particle in the form that its last sound asks; "은(는)" where no spelling
    tells. ``particle`` is either form of one that has two; any other is added as it is.
    """
    pair = next((pair for pair in _PARTICLES if particle in pair), None)
    if pair is None:
        return name + particle
    closed, open_ = pair
    last = _BRACKETS.sub("", name.rstrip("’'\" ")).rstrip(")’'\" ")[-1:]
    code = ord(last) - 0xAC00 if last else -1
    if 0 <= code < 11172:
        return name + (closed if code % 28 else open_)
    if last in "lmnLMNR136780":  # as Korean reads them: 엘, 엠, 엔, 알, 일, 삼, ...
        return name + closed
    # English words in other vowels and soft consonants end in a vowel when read in Korean.
    return f"{name}{closed}({open_})" if last in "bckptg" else name + open_


def asks_for(text: str, passage: Passage) -> bool:
    """Whether a text asks for a section by its name and for nothing else: "목표가 뭐예요?".

    The later half of the name is enough.
    """
    words = NUMBERED.sub("", label(passage)).split()
    if passage.kind != "heading" or not words:
        return False
    names = "|".join(r"\s*".join(map(re.escape, words[i:])) for i in range(len(words) // 2 + 1))
    return bool(re.search(rf"{_OF_LESSON}(?:{names}){_TELLING}", text, re.IGNORECASE))


def leads_in(passage: Passage) -> bool:
    """Whether a passage only introduces what hangs under it: "Three parts:"."""
    return passage.plain.endswith((":", "："))


def asks_itself(passage: Passage) -> bool:
    """Whether a passage is itself a question, as in a list of questions and answers."""
    return passage.plain.endswith(("?", "？")) or bool(_ASKS.match(passage.plain))


def asked_before(passage: Passage, lesson: Lesson) -> Passage | None:
    """In a list of questions and answers: the question right before the passage that answers it."""
    if passage.kind == "heading" or asks_itself(passage):
        return None
    group = lesson.siblings(passage)
    place = group.index(passage)
    before = group[place - 1] if place else None
    if before is None or before.kind == "heading" or not asks_itself(before):
        return None
    return before


def topic_of(passage: Passage, lesson: Lesson) -> Passage | None:
    """What the passage hangs under and is about: lead-ins are passed over; None at the top."""
    above = lesson.parent(passage)
    while above is not None and above.kind != "heading" and leads_in(above):
        higher = lesson.parent(above)
        if higher is None or higher.kind == "heading":
            break
        above = higher
    return above


def names_of(passage: Passage) -> list[str]:
    """What the passage is called: its label, and what stands after the colon when that is short.

    "Upper layer: the catalogue" is called both, "파드(Pod)" by each of its names, and a table row
    by its first cell.
    """
    if passage.kind == "row":
        cell = passage.plain.partition(": ")[2].partition(",")[0]
        whole = [cell or passage.plain]
    else:
        whole = [NUMBERED.sub("", label(passage)), split_name(passage.plain)[1].rstrip(" .")]
    found = [name for name in whole if is_name(name)]
    for name in whole:
        bracketed = _BRACKETED.match(name)
        found += [part.strip() for part in bracketed.groups()] if bracketed else []
    return [name for name in found if is_name(name)]


@dataclass(frozen=True, slots=True)
class Said:
    """A text as names are looked for in it."""

    key: str
    latin: tuple[str, ...]  # its runs of Latin letters and digits

    @staticmethod
    @lru_cache(maxsize=64)
    def of(text: str) -> Said:
        """Of a text as it was typed."""
        return Said(match_key(text), tuple(_LATIN.findall(normalize("NFKC", text).casefold())))

    def has(self, word: str) -> bool:
        """Whether it says a word of a name: anywhere, but "AI" not in "training" or "email".

        Of a longer word of Latin letters a run may begin or end with it: "dgxcloud" says "cloud".
        """
        if not (word.isascii() and word.isalnum()):
            return word in self.key
        return any(
            run in (word, word + "s")
            or (len(word) > 2 and (run.startswith(word) or run.endswith(word)))
            for run in self.latin
        )


def share_named(passage: Passage, text: str, retriever: Retriever) -> tuple[float, float]:
    """How much of the passage's name a text says, in [0, 1], and how telling that is.

    Words of the name weigh by their rarity.
    """
    spoken = Said.of(text)
    found = [(0.0, 0.0)]
    for name in names_of(passage):
        words = _words(name)
        # "소개" and the like say nothing of what is introduced.
        rarities = [0.0 if word in ASKING else retriever.rarity(word) for word in words]
        weights = [max(rarity, _LEAST) for rarity in rarities]
        said = sum(weight for word, weight in zip(words, weights, strict=True) if spoken.has(word))
        found.append((said / sum(weights) if weights else 0.0, said))
    return max(found)


def _words(name: str) -> list[str]:
    bare = name.replace("(", " ").replace(")", " ").split()
    return [match_key(_ENDING.sub("", word)) for word in bare]


# Of each lesson in use: the places of the bullets and headings whose names have a word.
_named: WeakKeyDictionary[Lesson, Mapping[str, Sequence[int]]] = WeakKeyDictionary()


def _places(lesson: Lesson) -> Mapping[str, Sequence[int]]:
    found = _named.get(lesson)
    if found is None:
        made: dict[str, list[int]] = {}
        for place, passage in enumerate(lesson.passages):
            if passage.kind in ("item", "heading") and passage.parent is not None:
                for word in {w for name in names_of(passage) for w in _words(name)}:
                    made.setdefault(word, []).append(place)
        _named[lesson] = found = made
    return found


def named_by(text: str, lesson: Lesson, retriever: Retriever) -> list[Passage]:
    """The bullets and headings whose names the text says, the most telling first."""
    said = Said.of(text)
    places = {p for word, having in _places(lesson).items() if said.has(word) for p in having}
    found = []
    for passage in (lesson.passages[place] for place in sorted(places)):
        share, telling = share_named(passage, text, retriever)
        if share >= _FULLY:
            found.append((-telling, not lesson.children(passage), passage))
    return [passage for *_, passage in sorted(found, key=lambda entry: entry[:2])]


def compares_named(question: Question, lesson: Lesson, retriever: Retriever) -> bool:
    """Whether things are compared that are all called so in the lesson, and nothing else is asked.

    Then what the lesson says of them answers, though no place of it compares them.
    """
    if question.kind != "comparison":
        return False
    found = [named_by(side, lesson, retriever)[:1] for side in sides(question.text) or ()]
    names = match_key(" ".join(name for few in found for p in few for name in names_of(p)))
    all_named = all(match_key(term.form) in names for term in question.content)
    return all_named and all(found) and len({p.id for few in found for p in few}) > 1
