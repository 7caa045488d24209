"""What comes in: requests into jobs that are accepted, and then never lost."""
