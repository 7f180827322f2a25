"""A large generated organization for benchmarks: snippets, job descriptions, and versions.

Rows are inserted in bulk, and are equal to those that actions would write. The same seed creates
the same texts. Reviews, notifications, events, and rollouts are in proportion to the job
descriptions. One event records that the data was generated.
"""
