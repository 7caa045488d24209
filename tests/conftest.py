"""For all tests: nothing here reaches further than loopback."""

import os

# Read when `unstructured` is imported, which a test may do before our own code has said it.
os.environ["DO_NOT_TRACK"] = "1"
