"""Learning curves: how many labels of its own a new council needs, and which to label first."""
