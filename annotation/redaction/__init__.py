"""Take names, numbers and addresses out of contacts before others label them.

It lowers what a labeller or a lost file would show. What remains can still tell who a child is: a
rare event, a place, a family's shape. Redacted contacts are personal data and are kept as such.
"""
