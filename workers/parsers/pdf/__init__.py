"""PDF: the text layer where a page has one, OCR where it has not."""
