"""Roll-out: a new wording of one library text in many job descriptions.

`reaching` finds those that it reaches and what it would change in each, `rolling_out` makes the
versions and asks one person about them, `batching` decides on all of them together.
"""
