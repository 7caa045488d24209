"""The words by which people speak of a change, in English and Chinese, a few of other
languages; and those by which a clause speaks of none.
"""

from __future__ import annotations

import re

from shared.language.words import terms

CHANGE_OF_VALUE = re.compile(
    r"(?<![a-z])(?:moves?|moved|postponed?|reschedul\w+|pushed|slip(?:s|ped)|delayed"
    r"|brought forward|chang(?:es|ed)|switch(?:es|ed)|raised|increased"
    r"|goes up|went (?:up|down)|lowered|reduced|instead|now|actually|correction|turns "
    r"out|after all|from (?:this|next) (?:week|month|year)|by now)"
    r"(?![a-z])"
    r"|改(?:到|成|为|在|期|了)|换(?:成|到)|推迟|延期|延到|推到|提前到"
    r"|挪到|调到|涨到|涨了|降到|降了|变成|现在是?|其实|更正|最终|最后定"
    r"|\b(?:al final|ahora|cambi(?:a|amos|ado|aron)|aplaza(?:do|mos)?|jetzt|verschoben"
    r"|stattdessen|finalement|maintenant|report[ée]e?)\b",
    re.I,
)
"""Another value has come in the place of one."""

GIVEN_UP = re.compile(
    r"\b(?:dropped|turned down|gave up|given up|no more|no longer|paid off(?= (?:the"
    r"|my|our|their|his|her|a)\b)"
    r"|quit|resigned from|moved out of|shut down)"
    r" (?P<en1>[^.,;(]+?)(?= (?:and|but|because|since|for|so|at|in)\b|[.,;(]|$)"
    r"|(?:n['’]t|\bnot) (?:be )?\w+(?:ing)? (?:to |a |the |on |in )*(?P<en2>[^.,;(]+?) "
    r"(?:after all|any ?more)\b"
    r"|(?P<zh1>[^，。；：（]{2,10}?)(?:被|已经|已|都|全)?(?:取消|作废|泡汤|黄|还清|付清|停用|关门|倒闭)了"
    r"|(?:放弃|不再)(?:了|[去考买用吃坐学做办租住选上养喝打报接])?(?P<zh2>[^，。；（了]{1,10})"
    r"|不(?:打算|准备|想)?(?:去|考|买|用|吃|坐|学|做|办|租|住|参加|选"
    r"|要|上|养|喝|打|报|接|安排)(?P<zh3>[^，。；（了]{1,10})了"
    r"|别再?(?:安排|推荐|买|放|做|去|订)(?P<zh4>[^，。；（了]{1,8})了",
    re.I,
)
"""Something is over; the groups hold what."""

OPEN = re.compile(
    r"\b(?:if|would|could|might|(?-i:may)|maybe|perhaps|should|wish|imagine|thinking "
    r"(?:of|about)|considering|wants? to|hopes? to|used to|what about)"
    r"\b(?! \d)|如果|要是|假如|可能|也许|考虑|希望|想要?|会不会|能不能|要不|以前|建议",
    re.I,
)
"""Wished for, supposed, or long ago: no news."""

PAST = re.compile(
    r"\b(?:was|were|had|did|went|came|saw|took|got|made|met|bought|spent|paid|ran|visited"
    r"|attended|started|finished|happened|last|ago|yesterday)\b"
    r"|\b(?:earlier|already)\b|昨天|前天|上周|上个?月|去年|刚刚?|曾经"
    r"|当时|已经|过了|以前|花了|买了|去过|做过|跑了",
    re.I,
)
"""It has happened and stays so."""

LASTS = re.compile(
    r"\b(?:got (?:the|a) (?:job|post|place|offer)|has|have|is|are)\b", re.I
)
"""What began in the past and may be over by now."""

LIMITS = re.compile(
    r"\b(?:not|no|never|avoid\w*|without|less)\b|n['’]t\b|不|没|别|少|忌|戒|避免", re.I
)
"""Says itself that something is not so, or not wanted."""

_LOOSE = """
    day days date time times week weeks month months year years today tomorrow thing way
    lot new old one same first last next
    get go going got keep want need plan take make use let
    move moved postpone postponed reschedule pushed slip slips slipped delay delayed change
    changed switch
    raised increased instead now actually correction after all again just already still yet
    back until till end mid start early late
    monday tuesday wednesday thursday friday saturday sunday
    january february march april may june july august september october november december
    lunes martes al final seremos ahora
    euros dollars pounds user user's say says said note remind remember please ok i'll
    we'll they'll he'll she'll it'll there's
    """
_LOOSE_ZH = """
    到 用户 我们 改 改到 改成 改为 推迟 推迟到 延期 提前 提前到 换成 现在 今天 明天 明年
    今年 下周 上午 下午 晚上 时间 其实 更正 已经 会上 定 定在
    月 日 号 点 周 天 想 左右 以后 之前
    """
LOOSE = frozenset(terms(_LOOSE)) | frozenset(_LOOSE_ZH.split())
"""Terms that do not tell of what a clause is."""

SMALL = frozenset("从起到在了的于把被也都就还又很会要是和跟我你他她们")
"""Characters of Chinese that hold a clause together."""

TIME = re.compile(
    r"\([^()]*\)|（[^（）]*）|[明今后去]年|[下上这本]?(?:个?月|周|星期)[一二三四五六日天末]?"
    r"|春节|国庆节?|端午节?|中秋节?|五一|元旦"
    r"|[一二两三四五六七八九十]+点|(?:\d+|[一二三四五六七八九十]+)月(?:底"
    r"|初|中旬?|[上下]旬)?|\d+(?:st|nd|rd|th)\b"
)
"""Times that consist of words, and what stands in brackets: taken out before a clause
is asked for its words.
"""
