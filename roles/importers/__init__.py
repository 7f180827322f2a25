"""What people bring from elsewhere, as plain values; no database and no models.

`pasted` reads a list that was pasted as text.
"""
