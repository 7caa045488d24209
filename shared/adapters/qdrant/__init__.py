"""Everything that lasts, in Qdrant: one module a port, over one `AsyncQdrantClient`.

`collections` says what there is and prepares it, `table` is the only module that calls
the client, `records` turns values into payloads and back, `filters` turns conditions
and reaches into Qdrant's.
"""
