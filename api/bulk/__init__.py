"""Score a file of contacts: the same judgement as the page's, row by row."""
