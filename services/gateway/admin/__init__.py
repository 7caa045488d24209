"""What the administrators of a project, and the operator, do: keys, audit log, quotas."""
