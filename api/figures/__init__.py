"""What leaders see: counts that are safe to show, and charts that claim no more than they can."""
