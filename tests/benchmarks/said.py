"""What is said in the benchmarks: turns of our own talks, and questions on them."""

from __future__ import annotations

from itertools import cycle, islice

from tests.benchmarks.everyday_talks import stories


def turns(count: int) -> list[str]:
    """So many messages of users in several languages, each different: from the second
    round through the talks on with a number.
    """
    own = [
        message.text
        for story in stories()
        for _, messages in story.adds
        for message in messages
        if message.speaker != "assistant"
    ]
    rounds = -(-count // len(own))
    numbered = (
        text if number == 0 else f"{text} ({number})"
        for number in range(rounds)
        for text in own
    )
    return list(islice(numbered, count))


def questions(count: int) -> list[str]:
    """So many questions, none asked before in this run."""
    own = [question.query for story in stories() for question in story.questions]
    return [
        f"{text} {number}"
        for number, text in zip(range(count), cycle(own), strict=False)
    ]
