"""Databases of earlier releases, which must migrate to the current one without data loss.

The number in a name is that of the last migration. `0001.sqlite.sql.gz` and
`0001.postgresql.sql.gz` are dumps of what `manage.py prepare` created with the first one: the
starter library and the demo data with its versions, reviews and events.
The `.json` file next to each has the output of `state.py` at that time. `tests/upgrade/make NAME`
writes them for the migrations of a checkout. A release that changes tables adds a set.
"""
