"""The steps of a job: parse, split, describe, extract, embed, merge, store; each file
exports the function of its name.
"""
