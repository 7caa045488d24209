"""One file for each kind of job; each reads as the list of its steps."""
