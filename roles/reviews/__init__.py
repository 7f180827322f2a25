"""Reviews: people are asked about a version, say what they think, and decide.

`asking` opens a review and its rounds, `seats` says who takes part, `deciding` takes decisions
and `settling` draws the line under them, from what `standing` finds; `conflicts` tells who may
not approve. `saying` and `suggesting` are what reviewers write; `accepting` and `turning` bring
suggestions into the draft and take them back, `margin` shows them beside it. `reading` settles
what each may see, `notifying` who is told; `links` and `codes` let in who has no account. Every
deed locks the job description first, so that they follow each other.
"""
