"""Extraction by a language model.

lines             a talk as numbered lines, in stretches counted in tokens
known_memories    what is remembered near to them
prompt            what the model gets: *_instructions.txt, schemas, data
telling_lines     lines that say nothing, lines of which nothing was read
dialogue          asked, asked again, in two halves where the answer was cut
answer_json       the JSON in an answer, however it is wrapped
read_memories     entries of an answer as drafts
passage_notes     what a model notes beside the passages of documents
skill_words       a skill in the words of a model
model_extractor   the Extractor port
"""
