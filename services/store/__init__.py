"""The program that copies a whole store into a file, and back. The launcher runs it."""
