"""Word documents: DOCX, the DOC of before 2007, RTF."""
