"""Who is spoken of: the first person by name, in English and Chinese, and other
languages left alone.
"""

from __future__ import annotations

import pytest

from shared.language.english_verbs import singular, verbs
from workers.pipeline.extract.speech.third_person import third_person, well_typed


@pytest.mark.parametrize(
    ("first", "third"),
    [
        (
            "I already ordered it and I also need quiet.",
            "The user already ordered it and they also need quiet.",
        ),
        ("I live alone and work at home.", "The user lives alone and works at home."),
        (
            "I was born in Rome and live in Milan.",
            "The user was born in Rome and lives in Milan.",
        ),
        ("I don't smoke or drink.", "The user doesn't smoke or drink."),
        ("I HATE NOISE.", "The user HATES NOISE."),
        ("I love the la la song.", "The user loves the la la song."),
        ("My boss 老王 wants it", "The user's boss 老王 wants it"),
        (
            "我和我先生都去。我妈高兴坏了。",
            "用户和用户的先生都去。用户的妈妈高兴坏了。",
        ),
        ("I'm Priya. I bake.", "The user's name is Priya. The user bakes."),
        (
            "Hi, I'm Tom and I work at a bank.",
            "The user's name is Tom and the user works at a bank.",
        ),
        ("I'm Italian and I cook.", "The user is Italian and they cook."),
        ("I'm Happy to help.", "The user is Happy to help."),
        ("你好，我叫陈静，在杭州上班。", "用户的名字叫陈静，在杭州上班。"),
        ("我叫外卖了。", "用户叫外卖了。"),
        ("我国庆想出去玩，我妈帮我订票。", "用户国庆想出去玩，用户的妈妈帮用户订票。"),
        ("我对象在我军训时来过。", "用户的对象在用户军训时来过。"),
        ("我的快递丢了，气死我了", "用户的快递丢了，气死我了"),
        ("電費由我付，我們平分水費", "電費由用户付，我們平分水費"),
        (
            "女儿送我三条裤子，我妈高兴坏了。",
            "女儿送用户三条裤子，用户的妈妈高兴坏了。",
        ),
        ("毕业后我去了海南，后来我回来了。", "毕业后用户去了海南，后来用户回来了。"),
        ("I rely on my brother.", "The user relies on their brother."),
        ("I fly home and reply late.", "The user flies home and replies late."),
        ("I supply bakeries.", "The user supplies bakeries."),
        ("I'd been ill.", "The user had been ill."),
        ("I'd never lived alone.", "The user had never lived alone."),
        ("I'd love a window seat.", "The user would love a window seat."),
        ("I meant the blue one.", "The user meant the blue one."),
        ("Yesterday I sold my car.", "Yesterday the user sold their car."),
        ("It's loud and I hate it.", "It's loud and the user hates it."),
        ('I love the film "Heat".', 'The user loves the film "Heat".'),
    ],
)
def test_the_speaker_is_named(first: str, third: str) -> None:
    assert third_person(first) == third


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("I cook and I bake.", "The user cooks and they bake."),
        (
            "My parents live in Porto and I visit them.",
            "The user's parents live in Porto and the user visits them.",
        ),
        (
            "I told my parents that I paint.",
            "The user told their parents that the user paints.",
        ),
        ("My sister feeds my cat.", "The user's sister feeds the user's cat."),
        ("I'm Priya by the way", "The user's name is Priya by the way"),
        ("Im 5 months pregnant", "The user is 5 months pregnant"),
        (
            "I moved and my friends helped me.",
            "The user moved and their friends helped the user.",
        ),
    ],
)
def test_they_is_only_written_where_it_can_mean_nobody_else(
    said: str, named: str
) -> None:
    assert third_person(said) == named


@pytest.mark.parametrize(
    ("note", "third"),
    [
        ("Lost my wallet on the tram.", "The user lost their wallet on the tram."),
        ("Finally sold my boat!", "The user finally sold their boat!"),
        (
            "Yesterday dropped my phone in the lake",
            "Yesterday the user dropped their phone in the lake",
        ),
        ("Can't stand my landlord.", "The user can't stand their landlord."),
        ("Haven't seen my dad in years", "The user hasn't seen their dad in years"),
        ("Hate my commute", "The user hates their commute"),
        (
            "Started my course on Monday and love it",
            "The user started their course on Monday and loves it",
        ),
        ("Went to see my dentist", "The user went to see their dentist"),
        ("It rained on my birthday.", "It rained on the user's birthday."),
        ("Dentist for my son at 4", "Dentist for the user's son at 4"),
        ("Living with my aunt is fun", "Living with the user's aunt is fun"),
        ("Love from my sister", "Love from the user's sister"),
    ],
)
def test_a_note_without_a_subject_gets_it_where_its_verb_is_the_speakers(
    note: str, third: str
) -> None:
    assert third_person(note) == third


@pytest.mark.parametrize(
    "note",
    [
        "Handed in my notice this morning",
        "Put my flat on the market",
        "Quit my job",
        "Stuck in my flat with covid",
        "Named after my aunt",
        "Told me to leave",
        "Made my day",
        "Thinking of selling my car",
        "Read my essay",
        "Don't tell my kids",
        "Call my mum on Sunday",
        "Lost my keys?",
        "I'm tired. Quit my job.",
        "全斋我取消了，平时还是素。",
        "政治我报了冲刺班，一千二。",
        "书法我现在临赵孟頫，老师说我腕力不够。",
        "孩子我来接，他去买菜。",
        "Word me a text to my landlord saying my pay is late",
        "Price me a shed, my budget is 900",
        "Sitting the orals for my ticket in Glasgow",
        "Working at my uncle's garage since June, pays 14 an hour",
        "Trying to get my head round this boiler, 400 it cost me",
    ],
)
def test_a_note_whose_subject_is_not_certain_stays_as_it_was_said(note: str) -> None:
    assert third_person(note) is None


@pytest.mark.parametrize(
    ("said", "third"),
    [
        (
            "I left St. Anne's and now work in Bonn.",
            "The user left St. Anne's and now works in Bonn.",
        ),
        (
            "I moved to Cork and since then keep bees.",
            "The user moved to Cork and since then keeps bees.",
        ),
        (
            "I gave up the bus and now cycle everywhere.",
            "The user gave up the bus and now cycles everywhere.",
        ),
        ("I had a dog and now cats.", "The user had a dog and now cats."),
        ("I moved and now yodel at home.", None),
    ],
)
def test_a_further_verb_agrees_or_is_left_as_it_was_said(
    said: str, third: str | None
) -> None:
    assert third_person(said) == third


@pytest.mark.parametrize(
    ("said", "third"),
    [
        ("我妈有高血压，我爸有糖尿病", "用户的妈妈有高血压，用户的爸爸有糖尿病"),
        (
            "老师说我女儿很聪明，我老婆很高兴",
            "老师说用户的女儿很聪明，用户的老婆很高兴",
        ),
        ("我和我哥住，我家很大", "用户和用户的哥哥住，用户家很大"),
    ],
)
def test_a_relative_is_the_users_whoever_else_is_named(said: str, third: str) -> None:
    assert third_person(said) == third


@pytest.mark.parametrize(
    ("said", "third"),
    [
        ("FYI, I'm left-handed", "The user is left-handed"),
        ("PSA: my dog bites", "The user's dog bites"),
        ("As I said, I'm vegan", "The user is vegan"),
        ("I forgot to mention I'm a twin", "The user is a twin"),
        ("No, I'm not from Spain", "The user is not from Spain"),
        ("2. I hate mornings", "The user hates mornings"),
        ("Yes, I do.", "Yes, the user does."),
        ("No cats, I'm allergic.", "No cats, the user is allergic."),
        ("大家好，我的名字叫陈静", "用户的名字叫陈静"),
        ("忘了说，我吃素", "用户吃素"),
    ],
)
def test_what_only_says_that_something_is_told_is_left_out(
    said: str, third: str
) -> None:
    assert third_person(said) == third


@pytest.mark.parametrize(
    "said",
    [
        "I was at work when Ben texted me: I'm outside.",
        "今天下雨，老婆说：我不想出门",
        "我三十岁，请帮我写封信",
    ],
)
def test_words_of_others_and_requests_are_not_turned(said: str) -> None:
    assert third_person(said) is None


@pytest.mark.parametrize(
    "said",
    [
        "World War I fascinates me.",
        "Can you write me a letter?",
        "I told you about my knee.",
        "我周三去复查，你提醒我一下。",
        "Remind me to call my aunt.",
        "Make that two, my wife joins.",
        "Part I of my book is done.",
        "Type I diabetes runs in my family.",
        "In the phase I study my aunt got a placebo.",
        "Elizabeth I ruled long, my teacher said.",
        "I get I/O errors.",
        "Should I move?",
        "Do I need a visa?",
        "So do I.",
        "I and my wife own a boat.",
        "My wife and I own a boat.",
        "Neither I nor my wife smokes.",
        "I put sugar in my tea.",
        "I'd put it away.",
        "I'm a nurse and work nights.",
        "I want to rest and eat well.",
        "I live with my wife and we have two dogs.",
        "Excuse me, my name's Ravi.",
        "Me and my wife love it.",
        "I grok my compiler.",
        'She told me: "I hate cilantro."',
        "She told me: ‘I hate cilantro.’",
        "同事说：“我对花生过敏”",
        "我妈说「我不吃羊肉」",
        "The gate code is 5521.",
        "my sister and i, we share my flat",
        "my tutor explains like im 5",
        "mom says i can go if my math is over 75",
        "yes. ate fish and chips on the pier on my own, mum wouldve laughed",
        "they're moving me. after christmas i'm by the roundabout",
        "flat. also handed my notice in lol",
        "Did it all on my own.",
        "I have it once with me tea.",
        "My doctor put me on it for the flutter in me heart.",
        "my exam is on part i of it",
        "It rains. I stay in.",
        "下雨了。我很烦。",
        "Hola, me caso con Marcos el sábado.",
        "Das ist mein Hund, er ist nicht alt.",
        "I miei genitori vivono a Roma.",
        "Mamy psa, my lubimy psy.",
        "Me gusta el vino.",
        "Me encanta cocinar.",
        "私は京都に住んでいて、我が家には猫がいます。",
        "",
    ],
)
def test_what_is_not_certain_is_left_as_it_was_said(said: str) -> None:
    assert third_person(said) is None


def test_verbs_whose_form_tells_no_time_are_not_known() -> None:
    known = verbs()
    assert {"rely", "have", "work"} <= known.base
    assert {"relied", "meant", "stopped", "found"} <= known.past
    assert {"been", "gone", "lived"} <= known.participles
    assert not {"put", "read", "quit", "trial", "war", "be"} & (known.base | known.past)


@pytest.mark.parametrize(
    ("verb", "third"),
    [
        ("rely", "relies"),
        ("play", "plays"),
        ("watch", "watches"),
        ("go", "goes"),
        ("have", "has"),
        ("am", "is"),
        ("don't", "doesn't"),
        ("don’t", "doesn't"),
        ("went", "went"),
        ("can", "can"),
        ("TEACH", "TEACHES"),
    ],
)
def test_verbs_agree_with_the_user(verb: str, third: str) -> None:
    assert singular(verb) == third


@pytest.mark.parametrize(
    ("typed", "spelt"),
    [
        ("i dont eat fish and im happy", "I don't eat fish and I'm happy"),
        ("so i've moved", "so I've moved"),
        ("they arent here", "they aren't here"),
        ("for i in range(3)", "for i in range(3)"),
        ("my mom says i can", "my mom says I can"),
        ("that one, i.e. this", "that one, i.e. this"),
        ("Iron Man", "Iron Man"),
    ],
)
def test_typing_in_a_hurry_is_understood(typed: str, spelt: str) -> None:
    assert well_typed(typed) == spelt
