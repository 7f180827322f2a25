"""Sizes of the benchmarks, shared by `benchmark_data`, `run`, and `report`."""

from __future__ import annotations

from roles import limits

AUTHOR = "author1"
APPROVER = "curator1"
LENGTHS = (40, limits.LINES_LIMIT)  # lines in one section
LIST_PAGE = 25  # job descriptions; fills the first page of the list in every database
BATCH = 10  # job descriptions in one rollout
ROLLOUTS = 5
SPARE_VERSIONS = 20  # for PDFs to warm up, to count queries, and of cold starts
WARM_UP = 2  # requests of each page that don't count
