"""Preferences, by rules: what a person says they want, avoid or cannot have, and what their choices tell of it.

Explicit: said straight out ("I can't stand horror films", "别给我推荐海鲜"). Implicit: a habit mentioned in passing ("I usually
prefer ...") or a choice among options that the assistant offered. Each keeps the reason: what was said, or what was chosen and from what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from shared.domain.extraction import Draft
from shared.domain.memory import Origin, Type
from shared.domain.message import Message
from shared.domain.passage import Talk
from shared.language.sentences import sentences
from shared.language.words import is_chinese
from workers.pipeline.extract.choices import chosen
from workers.pipeline.extract.voice import third_person

LONGEST = 60
"""Words (or Chinese characters / 2) beyond which a sentence is a text to work on rather than a wish."""

_SOFT = r"(?:\s+(?:also|always|really|strongly|greatly|deeply|just|much|still|generally|usually|typically|normally|often|mostly|mainly|tend\s+to" \
        r"|personally|definitely|absolutely|particularly|especially|specifically|actively|actually|kind\s+of|only|now|vastly|truly|\w+ly))*"
_STATED = re.compile(
    rf"""(?<![\w'’])(?:
      I{_SOFT}\s+(?:prefer|favou?r|avoid|dislike|hate|detest|loathe|despise|refuse|resent|steer\s+clear|stay\s+away|keep\s+away|shy\s+away
        |stick\s+(?:to|with)|gravitate|lean\s+towards?|swear\s+by|opt\s+for|insist\s+on|value|prioriti[sz]e|abstain)\b
    | I{_SOFT}\s+(?:can['’]?t|cannot|can\s+not|could\s?n['’]t)\s+(?:stand|bear|tolerate|eat|drink|have|handle|digest|consume|use)\b
    | I{_SOFT}\s+(?:don['’]t|do\s+not|never|won['’]t|will\s+not|wouldn['’]t|no\s+longer){_SOFT}\s+(?:like|enjoy|eat|drink|wear|use|watch|listen|read|buy|play
        |follow|want\s+to\s+(?:watch|read|eat|wear|use|buy|play|see|drive|listen)|care\s+for|appreciate|consider|drive|own|smoke|cook|support|attend|participate|find)\b
    | I\s+(?:only|exclusively|solely|strictly|primarily)\s+[a-z]+\b
    | I['’]?\s?a?m{_SOFT}\s+(?:allergic|intolerant|averse|opposed|(?:an?\s+)?(?:\w+\s+)?(?:vegan|vegetarian|pescatarian|teetotal\w*)|lactose|not\s+(?:really\s+|much\s+)?
        (?:an?\s+|one\s+for\s+)?(?:big\s+|huge\s+)?(?:fan|into|keen|interested|fond|comfortable)|an?\s+(?:strong\s+|big\s+|huge\s+|firm\s+)?(?:advocate|proponent|fan)\s+of
        |partial\s+to|sensitive\s+to|looking\s+to\s+avoid|trying\s+to\s+avoid|drawn\s+to)
    | I\s+have\s+(?:an?\s+|no\s+)?(?:[\w-]+\s+){{0,2}}(?:aversion|preference|dislike|distaste|fear|phobia|allergy|allergies|intolerance|hatred|interest\s+in|soft\s+spot)\b
    | (?:I\s+(?:need|require)|my\s+\w+\s+(?:needs|requires))\s+an?\s+\w+[^.?!]*\b(?:because|due\s+to|since)\b
    | I\s+have\s+an?\b[^.?!]*,?\s+so\s+I\s+(?:need|can['’]?t|must|have\s+to|require)\b
    | I{_SOFT}\s+find\s+(?!it\b|out\b|that\b|myself\b)[^.?!,]*\b(?:boring|dull|ineffective|distracting|uncomfortable|overwhelming|annoying|unappealing|tedious|stressful|off-putting)\b
    | [^.?!]*\b(?:(?:isn['’]t|is\s+not|aren['’]t|not)\s+(?:really\s+)?(?:my\s+(?:thing|style|cup\s+of\s+tea|taste)|for\s+me)|(?:doesn['’]t|don['’]t|does\s+not|do\s+not)\s+appeal\s+to\s+me
        |turns?\s+me\s+off|puts?\s+me\s+off)\b
    | my\s+(?:all-time\s+)?favou?rite\b[^.?!]*\b(?:is|are)\b
    | (?:please\s+)?(?:never|don['’]t(?:\s+ever)?|do\s+not)\s+(?:recommend|suggest|show|give|send|call|offer|remind)\b
    )""",
    re.I | re.X,
)
_LIKED = re.compile(
    rf"(?<![\w'’])(?:I{_SOFT}\s+(?:love|adore|enjoy|like)|I['’]ve\s+always\s+(?:loved|enjoyed|liked|preferred)|I['’]?\s?a?m\s+(?:\w+\s+)?(?:obsessed\s+with|passionate\s+about))"
    r"\s+(?!the\s+idea|the\s+sound|the\s+way|that\b|this\b|it\b|your\b|those\b|these\b|how\b|what\b|when\b|to\s+(?:know|hear|see|learn\s+more|get|discuss|talk|try|make)\b|both\b|all\b|them\b|you\b)",
    re.I,
)
_HEDGED = re.compile(r"\b(?:usually|generally|typically|normally|often|mostly|tend\s+to|lean|gravitate|drawn\s+to|kind\s+of|lately|these\s+days)\b"
                     r"|一般|通常|平时|往往|倾向|习惯|向来|大多|都是", re.I)
_LEAD_IN = re.compile(r"^(?:(?:by the way|speaking of (?:which|that)|also|you know|well|actually|honestly|oh|and|but|though|on another note|in general)\s*[,:–—-]?\s+)+"
                      r"(?=[A-Z\"'“I])", re.I)
_ASKS = re.compile(
    r"[,;:–—-]?\s*(?:but |and |so )?\b(?:do|can|could|would|are|is|what|which|any|have|how|should|where)\b\s+"
    r"(?:you|there|it|i|we|recommend\w*|suggest\w*|ideas?|are|is|would|do)\b[^?]*\?\s*$",
    re.I,
)
_CLAUSES = re.compile(r"(?:[,;]\s+(?:and|but)\s+|;\s+)(?=I\b)")
SHORT = 25
"""Words of a message in which "I love ..." is what it is about; in a longer one it is enthusiasm in passing, a fact and no lasting wish."""

_WORK = re.compile(r"\b(?:write|code|function|essay|paragraph|translate|rewrite|summari[sz]e|sentence|output|script|email)\b|```|代码|翻译|改写", re.I)

_ME = r"(?:我(?:们家|们|家)?(?:个人|本人|自己|平时|平常|一直|其实|真的|比较|特别|非常|尤其|最|很|更|挺|还|也|都|从来|从小|通常|一般|总是|只|就|可|实在|现在|倾向于?|喝酒|有点|是)*)"
_STATED_ZH = re.compile(
    rf"{_ME}(?:不太|不怎么|不|没那么|更|最|很|只)?(?:喜欢|喜爱|偏好|偏爱|钟爱|爱吃|爱喝|爱看|爱听|爱用|愿意|宁愿|宁可|讨厌|厌恶|反感|受不了|忍不了|害怕|怕|排斥|拒绝|忌口|吃素|过敏|避免|避开)"
    rf"|{_ME}(?:对[^，。！？]{{1,12}}(?:过敏|反感|没兴趣|不感兴趣|感兴趣|情有独钟))"
    rf"|{_ME}(?:不吃|不喝|不看|不用|不买|不穿|不坐|不去|不抽|从不|只吃|只喝|只看|只用|只买|只穿|只坐|只听|只住)"
    r"|(?:请)?(?:别|不要|不用)(?:再)?(?:给我|向我|跟我|对我)[^，。！？]{0,6}(?:推荐|推|发|看|介绍|提)"
    r"|(?:给我|推荐|回答)[^，。！？]{0,10}(?:的时候|时)[^，。！？]{0,4}(?:别|不要|尽量|必须|一定)"
    rf"|(?:是|为)?(?:素食者|素食主义者)|{_ME}[^，。！？]{{0,6}}(?:不习惯|习惯于?|一般都|通常都|总是|向来)"
)
_TALKED_OF_OTHERS_ZH = re.compile(r"我(?:的)?[^，。！？]{0,3}(?:爸|妈|父|母|哥|弟|姐|妹|叔|伯|姑|姨|舅|爷|奶|侄|甥|表|堂|儿|女|妻|丈夫|老公|老婆|老板|上司|下属|同事|同学|朋友|邻居|老师)")


def preferences(talk: Talk) -> list[Draft]:
    """The wishes stated in the user's messages and those that show in their choices; one draft each."""
    drafts: list[Draft] = []
    for before, message in pairwise((None, *talk.messages)):
        if message is None or message.role != "user":
            continue
        choice = chosen(message, before if before is not None else _last(talk.before))
        drafts.extend([choice] if choice is not None else _stated(message))
    return drafts


def _last(messages: tuple[Message, ...]) -> Message | None:
    return messages[-1] if messages else None


def _stated(message: Message) -> Iterator[Draft]:
    if _WORK.search(message.text) and len(message.text) > 400:
        return
    brief = len(message.text.split()) <= SHORT
    neighbours: list[str] = []
    for sentence in [*sentences(message.text), ""]:
        statement = _statement(sentence, brief)
        if statement is not None:
            neighbours.append(statement)
        elif neighbours and not (brief and sentence and not sentence.rstrip().endswith("?")):
            yield _draft(_joined(neighbours), message)
            neighbours = []


def _joined(statements: list[str]) -> str:
    """Neighbouring statements are one wish told in two sentences."""
    return ("" if is_chinese(statements[0]) else " ").join(statements)


def _statement(sentence: str, brief: bool) -> str | None:
    """The part of a sentence that states a wish, without a question that hangs on it; None where nothing is stated."""
    words = len(sentence.split()) if not is_chinese(sentence) else len(sentence) // 2
    if words > LONGEST:
        return None
    if is_chinese(sentence):
        clauses = [clause for clause in re.split(r"(?<=[。！？；])", sentence) if clause]
        wanted = [clause for clause in clauses if _STATED_ZH.search(clause) and not _TALKED_OF_OTHERS_ZH.search(clause)
                  and not clause.rstrip().endswith(("？", "吗", "呢"))]
        return "".join(wanted).strip() or None
    sentence = _LEAD_IN.sub("", sentence.strip())
    if sentence.endswith("?"):
        sentence = _before_the_question(sentence)
    wanted = [clause for clause in _CLAUSES.split(sentence) if _STATED.search(clause) or (brief and _LIKED.search(clause))]
    return _whole(sentence, wanted) if wanted else None


def _whole(sentence: str, wanted: list[str]) -> str:
    """The sentence from its first wish on: what happened yesterday is none, the reason behind a wish belongs to it."""
    start = sentence.index(wanted[0])
    return sentence[start:start + 1].upper() + sentence[start + 1 :]


def _before_the_question(sentence: str) -> str:
    """The statement that leads to a question: "I avoid sugar, do you know a cake?" -> "I avoid sugar."; "" when there is none."""
    asks = _ASKS.search(sentence)
    return sentence[: asks.start()].strip() + "." if asks else ""


def _draft(statement: str, message: Message) -> Draft:
    hedged = bool(_HEDGED.search(statement)) or not (_STATED.search(statement) or is_chinese(statement))
    text = third_person(statement, message.speaker or "The user", message.speaker or "用户")
    return Draft(
        type=Type.IMPLICIT if hedged else Type.EXPLICIT,
        text=text,
        title=statement[:40],
        confidence=0.8 if hedged else 0.95,
        reasoning=_reason(statement, hedged),
        origins=(Origin(message_ids=(message.id,)),),
        speaker=message.speaker,
        happened_at=int(message.spoken_at.timestamp() * 1000),
    )


def _reason(statement: str, hedged: bool) -> str:
    if is_chinese(statement):
        return f"用户在谈话中提到的习惯：“{statement}”" if hedged else f"用户明确表示：“{statement}”"
    return f'A habit that the user mentioned: "{statement}"' if hedged else f'The user said so: "{statement}"'
