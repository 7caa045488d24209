"""Pure geometry: where words stand -> lines, reading order, paragraphs, tables."""
