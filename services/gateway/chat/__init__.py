"""Chat: recall, assemble the prompt, answer, remember the turn."""
