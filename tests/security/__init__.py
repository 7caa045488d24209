"""Nobody reads or changes what is not theirs: keys, tenants, secrets, poison. What each
line of SECURITY.md rests on.
"""
