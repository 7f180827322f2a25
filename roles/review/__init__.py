"""Reviews: people are asked about a version, say what they think, and decide.

`asking` opens a review and its rounds, `seats` says who takes part, `deciding` takes decisions
and `settling` draws the line under them, from what `standing` finds; `conflicts` tells who may
not approve. Every deed locks the job description first, so that they follow each other.
"""
