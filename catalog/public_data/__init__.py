"""What is on offer, for programs: read-only JSON, described by an OpenAPI document.

`shapes` says what an answer looks like, `filling` makes it from our rows, `operations` is the table
of what may be asked, and `document` writes both down as OpenAPI. Nothing here decides: whatever an
answer tells comes from the properties that the pages show.
"""

VERSION = "1"
