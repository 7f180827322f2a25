"""Steps before and after WeasyPrint: the page as a tree that is fast to lay out, and the tags, list
labels, and attachments of the finished file."""
