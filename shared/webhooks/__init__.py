"""Events of memories, for webhooks of projects."""
