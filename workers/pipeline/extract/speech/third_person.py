"""Turning what a person says of themselves into a statement about them: "I don't like
fish" -> "The user doesn't like fish".
"""

from __future__ import annotations

import re

from shared.language.words import is_chinese, is_english

_SAME = frozenset(
    """can can't cannot could couldn't will won't would wouldn't should shouldn't may might must
had hadn't did didn't was wasn't
    went came got made took saw ate drank bought said told thought felt found kept left met
    ran sat spent wore knew grew
    began chose drove fell gave heard held led lost paid sent slept spoke stood taught
    understood won wrote became quit
    used hurt cut hit let shut flew swam sang rang drew threw blew fought sought stuck
    struck woke broke rode rose hid bit bent
    built dealt dug fed fled hung lent lit shot slid stole swore swept tore caught brought
    forgot forgave shook sold sank""".split()
)
_PRESENT = frozenset(
    "need feed bleed breed speed seed exceed proceed succeed weed embed heed".split()
)
_ADVERBS = re.compile(
    r"(?:also|always|already|almost|ever|maybe|perhaps|soon|never|really|usually|generally"
    r"|typically|often|sometimes|still|just"
    r"|only|even|rarely|seldom|actually|absolutely|much|both|then|now|finally|probably"
    r"|recently|\w+ly)\b",
    re.I,
)
_SUBJECT = re.compile(
    r"(?<![\w'’])I(?P<short>['’](?:m|ve|d|ll))?(?![\w'’])(?P<adverbs>(?:\s+"
    + _ADVERBS.pattern
    + r")*)(?P<verb>\s+[A-Za-z'’]+)?"
)
_SHORT = {"m": "is", "ve": "has", "d": "would", "ll": "will"}
_IRREGULAR = {
    "am": "is",
    "have": "has",
    "haven't": "hasn't",
    "do": "does",
    "don't": "doesn't",
    "go": "goes",
    "were": "was",
    "weren't": "wasn't",
}
_OTHERS = {"my": "their", "mine": "theirs", "me": "them", "myself": "themselves"}
_OTHER = re.compile(rf"\b(?:{'|'.join(_OTHERS)})\b", re.I)
_OWNS = frozenset({"my", "mine"})
_ALSO = re.compile(
    r"\b((?:and|or|but)(?: (?:also|always|never|usually|sometimes|often|still|then))?) "
    r"(avoid|tend|prefer|use|work|live|like|love|hate|dislike|need|want|have|own|play"
    r"|speak|drink|eat|watch|read|enjoy|study|teach|travel|drive|cook|collect)\b"
)
_NO_LONGER_BARE = re.compile(
    r"[.;!?]|\bI\b|\b(?:to|can|could|will|would|should|may|might|must|you|we|they|who)\b|n['’]t\b"
)
_BEGINS = re.compile(
    r"^[a-z]|(?:(?<=[a-zA-Z0-9)][.!?] )|(?<=\] ))(?:they|theirs?|the user)(?=['’\s])"
)


def third_person(
    statement: str, subject: str = "The user", subject_zh: str = "用户"
) -> str:
    """The statement with its speaker named: the first "I" becomes `subject`, later ones
    "they"; Chinese 我 becomes `subject_zh`.

    Only the pronouns and the verbs beside them are changed, so the words that carry the
    meaning stay as they were said.
    """
    statement = _introduced(statement)
    out = _named_in_chinese(statement, subject_zh)
    latin = _CHINESE.sub(" ", statement)
    if (is_chinese(statement) and not _SUBJECT.search(latin)) or not is_english(latin):
        return out
    out = _named_once(out, subject)
    out = _SUBJECT.sub(lambda match: _about(match, "they"), out)
    out = _OTHER.sub(lambda match: _cased(_OTHERS[match[0].lower()], match[0]), out)
    return _BEGINS.sub(lambda match: match[0][:1].upper() + match[0][1:], out)


_INTRODUCES = re.compile(
    r"(?:^|(?<=[.!?,] ))(?:I am|I['’]m|[Cc]all me) (?P<name>[A-Z][^\W\d_]+(?: [A-Z][^\W\d_]+)?)"
    r"(?=[.!]|$|,? (?:and I\b|from\b|an?\b|the\b|your\b))"
)
_NO_NAME = re.compile(
    r".*(?:ish|ese|[a-z]{2}[iec]an)$|(?:Dutch|French|German|Greek|Swiss|Czech|Thai|Muslim"
    r"|Hindu|Catholic|Vegetarian|Fine"
    r"|Good|Back|Here|Happy|Sorry|Ready|Free|Okay|OK)$"
)
_INTRODUCES_ZH = re.compile(
    r"(?<![\u3400-\u9fff])我叫(?!外卖|[了你他她它您人车])(?=[\u3400-\u9fff]{2,4}(?<![了过吧来])(?:[，。！,.!]"
    r"|$))"
)


def _introduced(statement: str) -> str:
    """An introduction says that it tells a name, since people ask for it by that word:
    "I'm Ada" -> "My name is Ada".
    """
    named = _INTRODUCES.sub(
        lambda match: (
            match[0] if _NO_NAME.match(match["name"]) else f"My name is {match['name']}"
        ),
        statement,
    )
    return _INTRODUCES_ZH.sub("我的名字叫", named)


_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_ME_ZH = re.compile(
    r"(?<![自本死烦急吓])我(?!们)(?P<of>的)?(?P<kin>爸妈|父母|爸爸?|妈妈?|父亲|母亲|老公|丈夫|先生|老婆"
    r"|妻子|太太|女儿|儿子|孩子|宝宝|哥哥?|弟弟?|姐姐?|妹妹?|[表堂][哥弟姐妹]"
    r"|舅舅|叔叔|阿姨|姑姑|姨妈|爷爷|奶奶|外公|外婆|姥姥|姥爷"
    r"|公公|婆婆|岳父|岳母|男朋友|女朋友|男友|女友|室友|同事|同学|老板|领导|家)?"
)


def _named_in_chinese(statement: str, subject: str) -> str:
    """我 by name; 我妈 is 用户的妈, and where the name stands before in the sentence 其妈."""
    out, last, named = [], 0, False
    for match in _ME_ZH.finditer(statement):
        between = statement[last : match.start()]
        named = named and not re.search(r"[。！？!?\n]", between)
        owner = "其" if named else f"{subject}的"
        out += [
            between,
            f"{owner}{match['kin']}" if match["kin"] else subject + (match["of"] or ""),
        ]
        last, named = match.end(), True
    return "".join(out) + statement[last:]


def _cased(word: str, like: str) -> str:
    return word.capitalize() if like[0].isupper() else word


def _named_once(statement: str, subject: str) -> str:
    """The first word about the speaker names them: "my sister" -> "the user's sister",
    "I left" -> "the user left".
    """
    first, other = _SUBJECT.search(statement), _OTHER.search(statement)
    if other is not None and (first is None or other.start() < first.start()):
        name = _within(subject, other.start()) + (
            "'s" if other[0].lower() in _OWNS else ""
        )
        return statement[: other.start()] + name + statement[other.end() :]
    if first is None:
        return statement
    rest = statement[first.end() :]
    opening = _about(first, _within(subject, first.start()))
    if not opening.endswith(first["verb"] or ""):
        # Further verbs of the same subject: "works at home and avoid noise" -> "... and
        # avoids noise".
        stop = _NO_LONGER_BARE.search(rest)
        end = stop.start() if stop else len(rest)
        same = _ALSO.sub(lambda also: f"{also[1]} {conjugated(also[2])}", rest[:end])
        rest = same + rest[end:]
    return statement[: first.start()] + opening + rest


def _within(subject: str, place: int) -> str:
    return subject if place == 0 else subject.replace("The user", "the user")


def _about(match: re.Match[str], subject: str) -> str:
    plural = subject == "they"
    short, adverbs, verb = match["short"], match["adverbs"] or "", match["verb"] or ""
    if short:
        word = _SHORT[short[1:]]
        word = {"is": "are", "has": "have"}.get(word, word) if plural else word
        return f"{subject} {word}{adverbs}{verb}"
    if not verb:
        return subject + adverbs
    verb = verb.strip()
    form = conjugated(verb)
    if plural:
        form = {"am": "are", "was": "were", "wasn't": "weren't"}.get(verb, verb)
    return f"{subject}{adverbs} {form}"


def conjugated(verb: str) -> str:
    """The form of the third person singular: prefer -> prefers; past forms and modals stay."""
    low = verb.lower().replace("’", "'")
    if low in _IRREGULAR:
        return _IRREGULAR[low]
    if (
        low in _SAME
        or (low.endswith("ed") and low not in _PRESENT)
        or not low.isalpha()
    ):
        return verb
    if verb.isupper():
        return conjugated(low).upper()
    if low.endswith(("s", "sh", "ch", "x", "z")):
        return verb + "es"
    if low.endswith("y") and low[-2:-1] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + "s"


_TYPED = (
    (
        re.compile(
            r"(?:^|(?<=[.!?,;] )|(?<=\n)|(?<=\band )|(?<=\bbut )|(?<=\bso )"
            r"|(?<=\bbecause )|(?<=\bthat )|(?<=\bwhen )|(?<=\bif ))i(?= [a-z])"
        ),
        "I",
    ),
    (re.compile(r"(?<![\w'’])i(?=['’](?:m|ve|ll|d)\b)"), "I"),
    (re.compile(r"(?<![\w'’])[iI]m\b(?= [a-z])"), "I'm"),
    (re.compile(r"(?<![\w'’])[iI]ve\b(?= [a-z])"), "I've"),
    (
        re.compile(
            r"\b(do|does|did|is|are|was|were|could|would|should|have|has|ca)nt\b", re.I
        ),
        r"\1n't",
    ),
)


def well_typed(text: str) -> str:
    """The text with the first person and its verbs as they are spelt: "i dont" -> "I don't"."""
    for pattern, spelt in _TYPED:
        text = pattern.sub(spelt, text)
    return text
