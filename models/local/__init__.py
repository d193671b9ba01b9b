"""A council's own labelled contacts: parted once, learnt from, and made into a candidate."""
