"""What the labels mean and where they live."""
