"""A large generated organization for benchmarks: snippets, job descriptions and versions.

Rows are written in bulk, without actions, and equal those that actions would write. The same seed
on the same database returns the same texts. The event chain of a generated job description starts
with the first action on it; one event records that the data was generated.
"""
