"""The reader beside other people's tools, on the same authors left out."""
