"""How orders to the memory are worded: a file a language, each with sentences that are
such orders and sentences that only look like one; the tests read both.
"""
