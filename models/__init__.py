"""Trained readers: features, training, calibration, artefacts."""
