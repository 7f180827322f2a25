"""Rollouts: a new wording of one snippet in many job descriptions.

`impact` finds the affected job descriptions and the changes in each, `apply_rollout` makes the
versions and requests their reviews, `batch_approval` decides on all of them together.
"""
