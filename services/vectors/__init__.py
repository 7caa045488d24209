"""The vector node: Qdrant's engine as a library (qdrant-edge), answering the part of
Qdrant's REST API that Souvenir uses.

It holds no ranking, filter or storage logic of its own: requests become engine objects
(`translate/`), the engine does the work (`shards.py`), answers become JSON again. What
it cannot do it refuses with 501, naming the route or the field.
"""
