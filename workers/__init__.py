"""What carries out jobs: Celery, the pipeline, the parsers."""
