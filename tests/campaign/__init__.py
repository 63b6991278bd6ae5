"""The fault campaign: bookings made while everything goes wrong, judged by Frontcore's own books.

Each run is one visitor with one booking, one fault of the simulator and one point at which a
process dies (SIGKILL); then the weather clears, the sweeps do their work, and what the site says is
compared with the books. `bin/fault-campaign --help`.
"""
