"""The audit record of a job description: who commented on and approved what, up to a day.

`audit_record` reads the record as of a day, `audit_bundle` packs it with the documents into one ZIP
with a manifest of hashes, `integrity` compares the rows of reviews with the chain of events.
"""
