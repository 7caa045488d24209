"""The small models that Souvenir brings along: a folder each, with weights, card and report.

`vocabulary` is what all of them read text with; the others hold `model.onnx` (the graph),
`model.bin` (its weights), `model.json` (what the program has to know of it), `report.json` and
`README.md`.
"""
