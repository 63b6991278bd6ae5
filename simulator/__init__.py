"""A local Frontcore: the same addresses, shapes and oddities, with faults on request.

It imports nothing of the site it serves, so the two cannot share a mistake. Pure standard library.
`python -m simulator` starts it; README.md beside this file says what it can do.
"""
