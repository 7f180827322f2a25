"""Databases of earlier states, which migrations must bring to the present one without loss.

`0001.sqlite.sql.gz` and `0001.postgresql.sql.gz` hold what `manage.py prepare` made of the first
migration: the starter library and the demonstration with its versions, reviews and events. The
`.json` file beside each is what `state.py` said of it then. `tests/upgrade/make NAME` writes them
for the migrations of a checkout. A release that changes tables adds a set and keeps earlier ones.
"""
