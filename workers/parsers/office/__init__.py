"""Presentations and workbooks of Office."""
