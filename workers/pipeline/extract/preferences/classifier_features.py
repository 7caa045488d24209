"""Small signs of a wish or of a standing instruction in a clause, in five languages:
none of them tells alone, their weights are learnt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from shared.language.words import is_chinese

_PATTERNS: Mapping[str, str] = {
    "lasting": r"\bfrom (?:now|here|today) on|\balways\b|\bnever\b|\b(?:every"
    r"|each|any) time\b|\bwhenever\b|\bin (?:the )?future\b|\bgoing "
    r"forward|\bby default|\bevery\b"
    r"|\bin general|\bany day\b|\ball the\b|以后|今后|往后|每次|一律"
    r"|统一|从现在|永远|一直|一向|向来|从来|从不|总是"
    r"|每|都|记得|尽量|平时|一般"
    r"|\b(?:immer|nie|niemals|künftig|zukunft|ab jetzt|ab sofort|jedes mal|jeder|jede"
    r"|ständig)\b|\b(?:siempre|nunca|a partir de ahora|en adelante|cada)\b"
    r"|\b(?:toujours|jamais|désormais|dorénavant|chaque)\b|n['’]\w+ jamais",
    "manner": r"\b(?:answers?|repl(?:y|ies)|respon(?:d|ses?)|messages|texts|summar(?:y"
    r"|ies)|emojis?|bullets?|bullet points?|tone|jargon|brief|concise"
    r"|blunt|honest|direct|straight|casual"
    r"|formal|point|lectur\w+|advice|pep talk|small talk|sugar-?coat\w*|apologi\w+|sources?"
    r"|examples?|metric|celsius|units|kilomet\w+|miles|clock|commas?|semicolons?|tabs"
    r"|spaces"
    r"|comments?|type hints?|tests?|code|functions?|tables?|lists?|paragraphs?|sentences"
    r"|decimals|grammar|names?|abbreviations?|english|french|german|spanish|chinese|python"
    r"|prices?"
    r"|euros?|pounds?|dollars?|exclamation\w*|warnings?|basics?|beginner|options|suggestions)\b"
    r"|\bcall me\b|\baddress me|to the point"
    r"|回答|回复|答复|表情|语气|口语|简短|简洁|啰嗦|长篇|篇幅|结论|重点"
    r"|要点|格式|表格|中文|英文|英语|繁体|简体|称呼|叫我|例子|通俗|术语"
    r"|鸡汤|解释|注释|代码|变量|出处|来源|字数"
    r"|句话|道歉|客气|翻译|标题|日期|金额|人民币|摄氏|全名|选择题|题|绕弯|English|emoji|comment|code"
    r"|\b(?:antwort\w*|emojis|stichpunkt\w*|fachbegriff\w*|duz\w*|siez\w*|einleitung\w*"
    r"|deutsch|englisch|anglizismen|kurz|kürzer|ehrlich|nenn|kommentar\w*|euro)\b"
    r"|\b(?:respond\w*|respuestas?|español|inglés|emojis|consejos?|tráta\w*|tute\w*|llám[ae]me"
    r"|grano|rodeos|métrico|cortas?)\b"
    r"|\b(?:répon\w*|réponses?|français|anglais|tutoie\w*|vouvoie\w*|conseils?|courtes?"
    r"|but|émojis|anglicismes)\b",
    "order": r"^(?:(?:and|but|so|also|ok|okay|oh|btw|by the way|one thing|yes"
    r"|no|good|well)\W+)*(?:please\b|(?:can|could|would|will) you\b"
    r"|just\b|let['’]s\b"
    r"|(?:use|give|keep|make|write|answer|reply|respond|show|tell|send|put|list|add|explain"
    r"|speak|talk|stick|remember|ask|call|start|end|go|be|round|leave|correct|address"
    r"|mention|include"
    r"|prefer|treat|wrap|raise|name|quote|stay|limit|sign|format|check|suggest|recommend)\b)"
    r"|\bplease\b|^(?:请|给我|用|说|讲|写|直接|先|只|记得|做|列|按)|就行|就好|即可|请"
    r"|\bbitte\b|^(?:\w+e?\s+(?:mir|mich|dich)|gib|schreib|nenn|antworte|verwende|sag"
    r"|fass)\b|\bpor favor\b|^(?:us[ae]|dame|ve|trátame|llámame|\w+me)\b"
    r"|s['’]il (?:te|vous) pla[iî]t|^\w+-moi\b|^(?:fais|utilise|va)\b",
    "not": r"^(?:\W|and|but|also|please|so|oh|btw|yes|no,)*(?:don['’]?t|do "
    r"not|stop|skip|avoid|spare me|leave out|no need|no\b(?!,)|not\b"
    r"|nothing|never|anything but|without|go easy)|\bno \w+,? please"
    r"|\bnone\b"
    r"|别|不要|不用|不必|少|勿|无需|\b(?:kein\w*|nicht|nie|ohne|auf keinen fall)\b|^(?:sin|nada "
    r"de|no me|no|nunca)\b|^(?:pas|sans|ne|n['’])\b",
    "wants": r"\bi(?:['’]d| would)?(?: \w+ly| also| always| usually| generally"
    r"| only| really| just)* (?:prefer|rather|like|love|want|need|enjoy"
    r"|favou?r|stick|go for|value|find|keep|try)\b|\bi['’]?d (?:rather"
    r"|love|like|take)"
    r"|\bwe(?:['’]d| would)? (?:want|need|prefer|love|like|use|always|only)\b|\bi['’]?m "
    r"(?:more of|into|after|looking|fond|vegan|vegetarian|trying)|\bwe['’]?re (?:looking"
    r"|after)|\bmy favou?rite"
    r"|喜欢|偏爱|爱[吃喝看听用穿]|想要|要[^是不]|只[吃喝看穿买用要想坐住玩肯]"
    r"|更想|宁|习惯|愿意|优先|最好|还是"
    r"|\bich (?:mag|möchte|bevorzuge|will|brauche|nehme|esse|trinke|liebe|hätte)\b|\bam "
    r"liebsten|\blieber\b|\b(?:prefiero|quiero|me (?:gusta|encanta)|necesito)\b|\bj['’](?:aime"
    r"|adore)\b|\bje (?:préfère|veux|voudrais)\b",
    "rejects": r"\bi (?:can['’]?t|cannot|don['’]?t|do not|won['’]?t|wouldn['’]?t"
    r"|never|refuse|hate|dislike|detest|avoid|steer|loathe)\b|^can['’]?t\b"
    r"|\ballerg\w*|\bintoleran\w*|\bhates?\b|\bcan['’]?t stand|\bwon['’]?t\b"
    r"|\bnot (?:a |my |for |into|really|keen|fond)|\bdon['’]?t (?:want|like|do)\b|受不了"
    r"|不[吃喝看坐穿买爱能想行接约带]|不喜欢|讨厌|过敏|忌|怕|不惯|闻不|忍|最烦|不耐受|吃不了|待不住"
    r"|\bich (?:mag|kann|esse|will|möchte|vertrage|hasse|trinke) (?:\w+ ){0,2}?(?:kein\w*"
    r"|nicht)|\bhass\w*|allergisch|vertrage\b|\bno (?:me gust\w+|quiero|puedo|soporto"
    r"|como|come)|\bodio|alérgic\w+|celíac\w+"
    r"|\b(?:je )?(?:n['’]|ne )\w+ (?:pas|plus)|déteste|allergique",
    "limit": r"\bno(?:thing)? (?:more|over|above|under|below|longer|less|later"
    r"|earlier|bigger|before|after|with)\b|\bat (?:most|least)\b|\bmax(?:imum)?\b"
    r"|\b(?:under|over|within|below|above|between|before|after|until"
    r"|by)\b \S*\d"
    r"|\b(?:must|has to|have to|needs? to|should|need) (?:not )?(?:be|fit|have|work|allow"
    r"|stay|come|run|last)\b|\ba must\b|\bnot on\b|\bideally\b|\bif possible|\bthe \w+er "
    r"the\b|\bas long as|\bno \w+ before|\bonly\b"
    r"|超过|以内|以下|之内|必须|一定要|最多|至少|越[^，]{1,4}越|之前"
    r"|以前|别太|不用太|就行|优先|不行|不可以|\d+点|[一二三四五六七八九十]点"
    r"|\b(?:muss|darf|höchstens|maximal|mindestens|nicht (?:mehr|schwerer|länger|vor"
    r"|nach))\b|\b(?:tiene que|como mucho|máximo|mínimo)\b|\b(?:il faut|pas plus|maximum"
    r"|doit|au plus)\b",
    "rather": r"\brather\b|\bprefer\w*|\binstead\b|\bbetter\b|\bthan\b|\bover "
    r"\w+s\b|宁|更|还是|比|而不是|换成|\blieber\b|\bstatt\b|\bals\b|\bprefier\w*"
    r"|\bmejor\b|\ben vez\b|\bplutôt\b|\bpréfère\b|\bmieux\b",
    "bother": r"\btoo \w+|\bdrives? me|\bmakes? me|\bgets? on my|\bturns? me "
    r"off|\bruins? me|\bnot (?:my|for me)|\bbores? me|\bannoy\w*|\bgives? "
    r"me|\boverwhelm\w*|太|烦|头疼|难受|心慌|受罪|恶心|\bzu \w+|nervt|\bdemasiado"
    r"|\btrop\b",
    "deixis": r"\b(?:this|these|that|those)\b|\bthe (?:file|draft|email|mail"
    r"|second|first|third|last|next|following|same|old|paragraph|report"
    r"|meeting)\b|这|那|上次|这次|第[一二三四五\d]|再|\b(?:diese\w*|den|zweiten)\b"
    r"|\b(?:este|esta|esto|ese|esa)\b|\b(?:ce|cette|ces)\b",
    "time": r"\b(?:today|tomorrow|tonight|yesterday|last|next|this (?:week"
    r"|month|year|morning)|ago|monday|tuesday|wednesday|thursday|friday"
    r"|saturday|sunday|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|now|yet|at (?:\d+|six|seven"
    r"|three))\b"
    r"|今[天晚早年]|昨|明天|明年|上个?[周月]|下个?[周月]|刚|周[一二三四五六日末]"
    r"|\d月|\b(?:heute|morgen|gestern|letzte\w*"
    r"|nächste\w*|freitag|montag)\b|\b(?:hoy|mañana|ayer|mayo|junio|pasad\w+)\b|\b(?:hier"
    r"|demain|vendredi|mars)\b",
    "task": r"\b(?:write|translate|suggest|recommend|summari[sz]e|book|remind"
    r"|fix|draft|find|buy|tell|show|send|explain|make|add|change|put"
    r"|plan|help|check) (?:me |us |it |them |him |her )?(?:a|an|the"
    r"|this|some|three|two|to|with|how|what|again|in)\b"
    r"|帮我|写一|推荐[一个部本家]|翻译|提醒我|讲讲|订[四一]|改[短成]"
    r"|发一遍|加到|\b(?:schreib|übersetze|erinnere|mach) "
    r"|\b(?:escríbeme|traduce|recomiéndame)\b|\b(?:écris|traduis|propose)\b",
    "others": r"\b(?:he|she|they|his|her|their|him)\b|\b(?:my|our|the) (?:boss"
    r"|colleagues?|brother|sister|neighbou?r|customer|client|team|landlord"
    r"|friend|manager|users?|people)\b|\bpeople\b|他|她|老板|同事|客户|弟弟|哥哥"
    r"|姐姐|妹妹|朋友|邻居"
    r"|\b(?:er|sie|chef|bruder|schwester)\b|\b(?:él|ella|mi (?:hermano|jefe|hermana))\b"
    r"|\b(?:il|elle|mon frère|ma sœur)\b",
    "kin": r"\b(?:my|our|the|his|her) (?:little |two |younger |older |eldest "
    r"|baby )*(?:ones?|son|daughter|kids?|child(?:ren)?|boys?|girls?"
    r"|husband|wife|partner|girlfriend|boyfriend|mum|mom|mother|dad"
    r"|father|parents|grandma|grandpa|toddler|baby|family)\b|\b(?:mum"
    r"|mom|dad|grandma|grandpa)\b"
    r"|儿子|女儿|孩子|宝宝|老婆|老公|先生|太太|爱人|妻子|丈夫|我爸|我妈"
    r"|爸妈|父母|老人|爷爷|奶奶|娃|女朋友|男朋友|\bmein\w* (?:tochter"
    r"|sohn|mann|frau|kind\w*|mutter|vater)|\bmi (?:hij[oa]|marido|mujer|madre|padre)"
    r"|\bm(?:a|on) (?:fille|fils|mari|femme|mère|père)",
    "past": r"\b(?:was|were|did|had|went|bought|got|said|told|came|left|lost"
    r"|found|sold|moved|started|launched|decided|chose|changed|been"
    r"|gave|took|made|broke|quit|paid)\b|\b\w{3,}ed\b|了$|了[^，]|过[了]?$"
    r"|已经"
    r"|\b(?:habe|hat|haben|war|wurde)\b|\b\w{3,}(?:é|ó|aron|amos)\b|\bhemos\b|\bj['’]ai\b"
    r"|\ba été\b",
    "unable": r"\bcan(?:['’]?t|not) (?:find|open|log|reach|remember|believe|wait"
    r"|get|see|figure|access|connect|come|make it|sleep|tell|understand"
    r"|afford)\b|找不到|打不开|登不上|不记得|想不起|联系不上|看不懂"
    r"|\bfinde? \w+ \w+ nicht\b|\bno encuentro\b|\bne trouve\b",
    "asks": r"[?？]|吗$|呢$|\b(?:what|where|when|why|how|who)\b|什么|怎么|哪|\b(?:was"
    r"|wie|wo|wann)\b|\b(?:qué|cómo|dónde)\b",
    "me": r"\b(?:i|me|my|mine|us|our|we)\b|我|\b(?:ich|mir|mich|mein\w*)\b"
    r"|\b(?:yo|me|mi|mí)\b|\b(?:je|j['’]|moi|mon|ma)\b",
    "number": r"\d|[一二三四五六七八九十两]",
}
_SIGNS = {name: re.compile(pattern, re.I) for name, pattern in _PATTERNS.items()}
_ONCE = ("deixis", "time", "task", "past")
NAMES = (*_PATTERNS, "for good", "of manner", "chinese", "long", "constant")
"""The signs, in the order of `signs`. "for good": an order that is to last; "of
manner": one about the manner of answering, and not about one thing.
"""


def signs(clause: str) -> list[float]:
    """One number a sign, in the order of NAMES: 1 where it is there."""
    there = {name: bool(pattern.search(clause)) for name, pattern in _SIGNS.items()}
    ordered = (there["order"] or there["not"]) and not any(
        there[name] for name in _ONCE
    )
    chinese = is_chinese(clause)
    length = len(clause) / 2 if chinese else len(clause.split())
    more = (ordered and there["lasting"], ordered and there["manner"], chinese)
    return [*map(float, (*there.values(), *more)), min(length, 30) / 10, 1.0]
