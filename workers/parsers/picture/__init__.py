"""Pictures: EXIF, OCR, and the lines that OCR found."""
