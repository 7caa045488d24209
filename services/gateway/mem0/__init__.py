"""mem0's platform API as a second dialect: what its published clients send and read, on
the same memories and by the same functions as the Cloud's routes (docs/clients/mem0.md).
"""
