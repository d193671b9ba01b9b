"""The papers that a council needs, written from templates and from what was measured.

Numbers come from the latest report, the released readers and the behavioural suite's floors, never
from a template.
"""
