"""Word files: documents (`word_document`) and comparisons (`tracked_changes`)."""
