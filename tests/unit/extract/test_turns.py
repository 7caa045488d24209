"""Turns: who says which words of a message."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.extract.talks import said
from workers.pipeline.extract.speech.speakers import known_speakers
from workers.pipeline.extract.speech.turns import is_persons, turns_of


def _turns(text: str, role: str = "user") -> list[tuple[str, str]]:
    return [(turn.speaker, turn.text) for turn in turns_of(said(role, text))]


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        (
            "Nora: I can't stand olives.\nFinn: They are my favourite, I'm in Oslo.",
            [
                ("Nora", "I can't stand olives."),
                ("Finn", "They are my favourite, I'm in Oslo."),
            ],
        ),
        ("[nora]: I moved.\n[Finn]: Nice", [("nora", "I moved."), ("Finn", "Nice")]),
        ("[Nora]: It rains.", [("Nora", "It rains.")]),
        ("User[bob_7]: The car is red.", [("bob_7", "The car is red.")]),
        ("[10:02] Nora: The car is red.", [("Nora", "The car is red.")]),
        (
            "12.03.24, 10:02 - Nora Berg: The car is red.\nand fast\n12.03.24, 10:03 - Finn: ok",
            [("Nora Berg", "The car is red.\nand fast"), ("Finn", "ok")],
        ),
        (
            "王芳 2024-03-12 10:02:11\n车是红的\n李四 2024-03-12 10:03:00\n好",
            [("王芳", "车是红的"), ("李四", "好")],
        ),
        (
            "王芳：我讨厌冬天\n李四：王芳讨厌冬天，你知道吗",
            [("王芳", "我讨厌冬天"), ("李四", "王芳讨厌冬天，你知道吗")],
        ),
        (
            "Lena: Ich mag keine Oliven.\nJan: Ich liebe sie.",
            [("Lena", "Ich mag keine Oliven."), ("Jan", "Ich liebe sie.")],
        ),
        (
            "Анна: Я не люблю оливки.\nПётр: А я люблю!",
            [("Анна", "Я не люблю оливки."), ("Пётр", "А я люблю!")],
        ),
        (
            "田中：オリーブが苦手です。\n佐藤：僕は大好き。",
            [("田中", "オリーブが苦手です。"), ("佐藤", "僕は大好き。")],
        ),
        (
            "Interviewer: Do you like cold calls?\nCandidate: Never.\nInterviewer: Why?",
            [
                ("Interviewer", "Do you like cold calls?"),
                ("Candidate", "Never."),
                ("Interviewer", "Why?"),
            ],
        ),
        (
            "Me: I hate mondays.\nFinn: You always say that.",
            [("", "I hate mondays."), ("Finn", "You always say that.")],
        ),
        (
            "Our chat:\nNora: I hate eggs.\nFinn: I love them.\n\nWhat do I cook?",
            [
                ("", "Our chat:"),
                ("Nora", "I hate eggs."),
                ("Finn", "I love them."),
                ("", "What do I cook?"),
            ],
        ),
    ],
)
def test_each_speaker_of_a_transcript_has_their_own_words(
    text: str, turns: list[tuple[str, str]]
) -> None:
    assert _turns(text) == turns


@pytest.mark.parametrize(
    "text",
    [
        "Nora: I play the cello.",
        "Breakfast: I never eat eggs.\nDinner: I want no onions.",
        "Smoker: no\nAllergies: none\nDiet: vegan",
        "Mum: call her on Sunday.",
        "Mum: call her on Sunday.\nFinn: buy a present",
        "Monday: I swim.\nTuesday: I run.",
        "Name: Finn\nAge: 5\nName: Nora\nAge: 7",
        "Q: Do you smoke?\nA: No",
        "早餐：我不吃蛋\n晚餐：我吃面",
        "是否吸烟：否\n是否已婚：是",
        "Frühstück: ich esse nie Eier.\nAbendessen: ich mag Brot.",
        "Note: I close at nine.",
        "https://example.org: I like it",
        "[1]: https://example.org",
    ],
)
def test_labels_of_notes_and_forms_name_nobody(text: str) -> None:
    assert _turns(text) == [("", text)]


def test_a_plain_label_is_believed_where_the_talk_knows_the_name() -> None:
    messages = [
        replace(said("user", "Hi all", 0), speaker="Nora"),
        said("user", "Nora: I play the cello.", 1),
    ]
    known = known_speakers(messages)
    [turn] = turns_of(messages[1], known)
    assert (turn.speaker, turn.text) == ("Nora", "I play the cello.")
    assert turns_of(messages[1])[0].speaker == ""


def test_messages_that_each_begin_with_a_name_are_a_conversation() -> None:
    messages = [
        said("user", "Nora: I play the cello.", 0),
        said("assistant", "Finn: Do you play in an orchestra?", 1),
    ]
    known = known_speakers(messages)
    assert [turns_of(message, known)[0].speaker for message in messages] == [
        "Nora",
        "Finn",
    ]


def test_a_list_of_an_assistant_is_no_transcript() -> None:
    text = "Ideas:\nRome: I would take you to Ostia.\nOslo: You love the fjord."
    assert _turns(text, "assistant") == [("", text)]


def test_a_pasted_dialogue_with_an_assistant_has_both_roles() -> None:
    turns = turns_of(said("user", "User: The car is red.\nAssistant: Noted!"))
    assert [(turn.message.role, turn.text) for turn in turns] == [
        ("user", "The car is red."),
        ("assistant", "Noted!"),
    ]


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        (
            "> I'm allergic to cats.\nOh, I have two!",
            [("", "I'm allergic to cats.", True), ("", "Oh, I have two!", False)],
        ),
        (
            "Nora wrote:\n> I moved to Oslo.\nI'll visit her.",
            [("Nora", "I moved to Oslo.", True), ("", "I'll visit her.", False)],
        ),
        (
            "I'd love to!\n\nOn Tue, 3 May 2025 at 10:02, Nora Berg <n@example.org>\nwrote:\n\nCome to Oslo.",
            [("", "I'd love to!", False), ("Nora Berg", "Come to Oslo.", True)],
        ),
        (
            "Am 3. Mai 2025 um 10:02 schrieb Nora Berg:\n> Ich ziehe um.\n> 3 Zimmer",
            [("Nora Berg", "Ich ziehe um.\n3 Zimmer", True)],
        ),
        (
            "Siehe unten.\n\nVon: Nora Berg <n@example.org>\nGesendet: Montag\nAn: Finn\n"
            "Betreff: Umzug\n\nIch ziehe um.",
            [("", "Siehe unten.", False), ("Nora Berg", "Ich ziehe um.", True)],
        ),
        (
            "FYI\n---------- Forwarded message ---------\nFrom: Nora <n@example.org>\n"
            "Date: Tue\nSubject: Oslo\n\nI moved.",
            [("", "FYI", False), ("Nora", "I moved.", True)],
        ),
        (
            "于2025年5月3日，王芳 写道：\n我搬到成都了。",
            [("王芳", "我搬到成都了。", True)],
        ),
        (
            'Check this:\n"""\nI has been a nurse.\n"""\nThanks',
            [
                ("", "Check this:", False),
                ("", "I has been a nurse.", True),
                ("", "Thanks", False),
            ],
        ),
        (
            "From: Rome\nTo: Oslo\nDate: 3 May",
            [("", "From: Rome\nTo: Oslo\nDate: 3 May", False)],
        ),
        ("I run\n> 20 km a week", [("", "I run\n> 20 km a week", False)]),
        ("I wrote:\nthe car is red", [("", "I wrote:\nthe car is red", False)]),
    ],
)
def test_what_is_quoted_is_not_the_words_of_who_sent_it(
    text: str, turns: list[tuple[str, str, bool]]
) -> None:
    found = turns_of(said("user", text))
    assert [(turn.speaker, turn.text, turn.is_quoted) for turn in found] == turns
    assert [is_persons(turn) for turn in found] == [not turn[2] for turn in turns]


@pytest.mark.parametrize(
    "text",
    [
        "<think>User seems to be 45.</think>It leaves at 9.",
        "The user seems to be 45.\n</think>\n\nIt leaves at 9.",
        "<thinking>\nhm\n</thinking>\nIt leaves at 9.",
        '<tool_call>\n{"name": "trains"}\n</tool_call>\nIt leaves at 9.',
        '<function=trains>{"to": "Rome"}</function>It leaves at 9.',
        '{"tool": "trains", "args": {"to": "Rome"}}\nIt leaves at 9.',
        '```json\n{"name": "trains", "arguments": {"to": "Rome"}}\n```\nIt leaves at 9.',
        "Thought: the user is a doctor.\nAction: trains\nAction Input: Rome\n"
        "Observation: 9\nFinal Answer: It leaves at 9.",
        "Thought: the user is a doctor.\n\nIt leaves at 9.",
        "<|channel|>analysis<|message|>a doctor?<|end|><|start|>assistant<|channel|>final"
        "<|message|>It leaves at 9.<|return|>",
    ],
)
def test_an_assistant_is_kept_without_its_thoughts_and_calls(text: str) -> None:
    assert _turns(text, "assistant") == [("", "It leaves at 9.")]
    assert _turns(text) != [("", "It leaves at 9.")]


@pytest.mark.parametrize(
    "text",
    [
        "<think>User seems to be 45 and divorced.",
        '{"name": "trains", "arguments": {}}',
        '[{"tool": "a", "args": {}}, {"tool": "b", "args": {}}]',
        "Thought: the user is a doctor.",
        "思考：用户是医生。\n行动：搜索",
        "",
    ],
)
def test_thoughts_alone_are_no_turn(text: str) -> None:
    assert _turns(text, "assistant") == []


@pytest.mark.parametrize(
    "text",
    [
        "Use the `<think>` tag. It leaves at 9.",
        '{"city": "Rome", "trains": [9, 11]}',
        "A thought: take the train.",
        "Here is the plan.\nAction: call the landlord.",
    ],
)
def test_what_only_looks_like_a_thought_is_kept(text: str) -> None:
    assert _turns(text, "assistant") == [("", text)]


def test_recalled_memories_and_other_roles_are_no_turns() -> None:
    assert _turns("<memories>\n- Nora is 5\n</memories>\nHi") == [("", "Hi")]
    assert _turns("42 rows", "tool") == _turns("Be kind.", "system") == []


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        (
            "What do I answer?\n\nFrom: Bea Alonso <bea@example.org>\nSubject: Saturday\n\n"
            "Hi Tom,\nmy car broke down.\nBea\n\nI am free after six.",
            [
                ("", "What do I answer?"),
                ("Bea Alonso", "Hi Tom,\nmy car broke down.\nBea"),
                ("", "I am free after six."),
            ],
        ),
        (
            "Von: Jonas Weber <jw@example.org>\nBetreff: Umzug\n\nIch ziehe um.\n\n"
            "Viele Grüße\nJonas\nTel. 0171 555555\n\nIch habe Spätdienst.",
            [
                (
                    "Jonas Weber",
                    "Ich ziehe um.\n\nViele Grüße\nJonas\nTel. 0171 555555",
                ),
                ("", "Ich habe Spätdienst."),
            ],
        ),
        (
            "From: Bea <bea@example.org>\nSubject: Trip\n\nI sold the boat.\n\nI miss it.",
            [("Bea", "I sold the boat.\n\nI miss it.")],
        ),
        (
            "[9:01] Ida: I'm ill\n[9:02] Leo: I'll come\n[9:03] Ida: thanks\nWho comes?",
            [
                ("Ida", "I'm ill"),
                ("Leo", "I'll come"),
                ("Ida", "thanks"),
                ("", "Who comes?"),
            ],
        ),
    ],
)
def test_the_senders_own_words_follow_those_of_others(
    text: str, turns: list[tuple[str, str]]
) -> None:
    assert _turns(text) == turns


@pytest.mark.parametrize(
    ("text", "quoted", "writer"),
    [
        ("My cousin texted: I crashed my bike.", "", "My cousin"),
        ("our landlord emailed us today: I'm selling the flat", "", "our landlord"),
        ("Message from Tom: hi! I moved to Oslo.", "", "Tom"),
        ("From our vet: I can see him at five.", "", "our vet"),
        ("She said: I'm leaving.", "", ""),
        ("Leo wrote me: I was sacked. I'll buy him a beer.", "I was sacked.", "Leo"),
        (
            "Mail from my boss:\nI'm off until May.\nBest, Ida\n\nI cover for her.",
            "Best, Ida",
            "my boss",
        ),
        ("Proofread: I am writing to apply for the post.", "", ""),
        ("Can you reply to this: I am Sandra from HR.", "", ""),
        (
            "Shorten this mail:\nI have been ill.\n\nI'm back now.\nBest, Jonas",
            "",
            "Jonas",
        ),
        (
            "Rewrite this:\nI was a nurse.\n\nBy the way, I'm vegan.",
            "I was a nurse.",
            "",
        ),
        ("同事发消息说：我辞职了", "", "同事"),
        ("我表妹说：我考上了。我要送她礼物。", "我考上了。", "我表妹"),
        ("请帮我润色下面这段话：我是护士", "", ""),
        ("Mein Bruder schreibt: Ich bin krank.", "", "Mein Bruder"),
        ("Verbessere diesen Text: Ich bin Arzt.", "", ""),
        ("Mi jefa me escribió: estoy de viaje", "", "Mi jefa"),
        ("Mon frère m'a écrit : je suis malade", "", "Mon frère"),
        ("Reformule ce texte : je suis avocat", "", ""),
        ("Mia zia mi ha scritto: sono caduta", "", "Mia zia"),
        ("Meu irmão me escreveu: estou doente", "", "Meu irmão"),
        ("Брат написал: я заболел", "", "Брат"),
        ("友達からメール：私は結婚します", "", "友達"),
        ("엄마가 문자 보냈어: 나 넘어졌어", "", "엄마"),
    ],
)
def test_words_that_a_clause_announces_are_those_of_whom_it_names(
    text: str, quoted: str, writer: str
) -> None:
    turn = turns_of(said("user", text))[0]
    assert turn.is_quoted and turn.speaker == writer
    end = text.index(quoted) + len(quoted) if quoted else len(text)
    assert turn.text == text[:end]


@pytest.mark.parametrize(
    "text",
    [
        "Tom said: I can't come. I'm going alone then.",
        "Our landlord wrote: I'm selling the flat. We look at places in Trier on Sunday.",
        "Meine Mutter schrieb: Ich komme am Samstag. Ich habe jetzt ein Auto.",
        "Ma sœur m'a écrit : je suis enceinte. Je vais à Lyon demain.",
        "Mi jefa escribió: me voy de vacaciones. Yo me quedo en Vigo.",
        "老板发消息说：我下周出差。我负责周会。",
        "妹からLINE：私、妊娠したよ。私は来月パリに引っ越します。",
    ],
)
def test_where_a_quotation_ends_in_its_line_is_not_known(text: str) -> None:
    [turn] = turns_of(said("user", text))
    assert (turn.speaker, turn.text) == ("", text)
    assert turn.is_mixed


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Tom said: I can't come. Best, Tom. I go alone.", "Best, Tom."),
        ("Tom said: hi! I can't come.", "come."),
        ("Leo wrote me: I was sacked. I'll buy him a beer.", "sacked."),
        ("Meine Mutter schrieb: Ich komme. Liebe Grüße, Ida. Ich koche.", "Ida."),
    ],
)
def test_its_first_sentence_and_what_is_signed_are_surely_quoted(
    text: str, quoted: str
) -> None:
    turn = turns_of(said("user", text))[0]
    assert turn.is_quoted and not turn.is_mixed and turn.speaker
    assert turn.text == text[: text.index(quoted) + len(quoted)]


@pytest.mark.parametrize(
    "text",
    [
        "I told my boss: I quit.",
        "As I said: I'm vegan",
        "That being said: I'm vegan",
        "My plan: I move in May",
        "From my experience: I sleep badly on trains",
        "Correct: I have two cats",
        "Check this: I'm paying 900 in rent",
        "Summarize my week: I ran on Monday",
        "My doctor said: you should sleep more. I go to bed at ten.",
        "Ida asked: is the flat free?",
        "我跟老板说：我要辞职",
        "老实说：我不喜欢",
        "严格来说：我吃素",
        "修改一下：我住三楼",
        "Mein Plan: Ich ziehe um.",
        "Mi plan: me mudo en mayo",
        "Mon avis : je préfère le train",
    ],
)
def test_what_only_looks_announced_is_the_senders_own(text: str) -> None:
    [turn] = turns_of(said("user", text))
    assert not turn.is_quoted and turn.text == text


@pytest.mark.parametrize(
    "text",
    [
        "Could you make this email sound friendlier? Hi Ben, I quit. I collect stamps. Cheers, Nora",
        "Please proofread this letter.\n\nDear Ms Orr,\nI collect stamps.\n\nKind regards,\nNora",
        "Formuliere das höflicher. Hallo Ben, ich sammle Marken. Liebe Grüße, Nora",
        "Reformule ce mail. Bonjour Ben, je collectionne les timbres. Cordialement, Nora",
        "Reescribe este correo. Hola Ben, yo colecciono sellos. Un saludo, Nora",
    ],
)
def test_a_signed_text_to_be_rewritten_is_quoted(text: str) -> None:
    [turn] = turns_of(said("user", text))
    assert turn.is_quoted
    assert turn.speaker == "Nora"


@pytest.mark.parametrize(
    "text",
    [
        "Please rewrite my CV. I collect stamps.",
        "Make this shorter. I collect stamps and my friend is called Nora",
        "I wrote to Ben. I collect stamps. Best, Nora",
    ],
)
def test_without_a_signature_or_a_request_the_words_are_the_users(text: str) -> None:
    assert [turn.is_quoted for turn in turns_of(said("user", text))] == [False]
