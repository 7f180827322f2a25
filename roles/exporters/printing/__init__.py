"""What a PDF needs around WeasyPrint: the page as a tree that is cheap to lay out, and the
finished file's tags, list labels and attachments."""
