"""A made-up population with known truth, to train and measure the matching on."""
