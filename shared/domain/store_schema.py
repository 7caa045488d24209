"""The schema of what is stored: the number of the last migration
(`shared/adapters/qdrant/migrations/`).
"""

from __future__ import annotations

SCHEMA = 1
"""What this release writes, and the newest that it reads."""
