"""A large generated organization for benchmarks: snippets, job descriptions, and versions.

Rows are inserted in bulk, and are equal to those that actions would write. The same seed creates
the same texts. The event chain of a generated job description starts with the first action on it;
one event records that the data was generated.
"""
