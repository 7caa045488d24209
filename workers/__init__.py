"""What carries out jobs: Celery, the pipeline, the parsers."""

import os

# `unstructured` reports to its makers when it is imported, and waits seconds for them
# where there is no network. Nobody here may.
os.environ["DO_NOT_TRACK"] = "1"
