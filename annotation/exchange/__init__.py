"""Labelled contacts to the tools that people label with, and back, without loss."""
