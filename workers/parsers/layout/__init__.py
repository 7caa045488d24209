"""Pure geometry: where words stand -> lines, reading order, paragraphs, tables. Any unit
does, as long as positions and sizes of type share it: points of a PDF, pixels of OCR.
"""
