"""Rollouts: apply a snippet's new revision to many job descriptions.

`impact` finds the affected job descriptions and the changes in each, `apply_rollout` creates the
versions and requests their reviews, and `batch_approval` decides on all of them at once.
"""
