"""HTTP, pages and bulk scoring."""
