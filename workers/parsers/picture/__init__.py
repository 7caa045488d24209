"""Pictures: what EXIF says of them, OCR, and the layout of the lines that OCR read."""
