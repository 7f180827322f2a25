"""What can be proven: who said and approved what of a job description, up to a day.

`gathering` reads the record as of a day, `bundling` packs it with the documents into one ZIP and
a manifest of hashes, `checking` holds the rows of reviews against the chained events.
"""
