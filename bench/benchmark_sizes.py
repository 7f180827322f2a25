"""Sizes of the benchmarks, shared by `benchmark_data`, `run`, and `report`."""

from __future__ import annotations

LENGTHS = (40, 400)  # lines in one section; the second is the maximum of a job description
LIST_PAGE = 25  # job descriptions; fills the first page of the list in every database
BATCH = 10  # job descriptions in one rollout
ROLLOUTS = 5
WARM_UP = 2  # requests of each page that don't count
