"""The bodies of requests and answers, with the names of the wire. A file has the name of
its routes.
"""
