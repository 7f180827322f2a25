"""Word files: a document (`document`) and a comparison with tracked changes (`redline`)."""
