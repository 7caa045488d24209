"""Changes of what is stored, one a module, numbered. Each may be run again after it was
cut off, and on what is changed already.
"""
