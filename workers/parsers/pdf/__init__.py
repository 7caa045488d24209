"""PDF: the text layer where a page has one, OCR where it has none.

All that needs PyMuPDF, whose licence is the AGPL, is in this package, and it is
imported only when a PDF comes: without the extra `pdf` every other type is read.
"""
