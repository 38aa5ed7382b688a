"""What people fill in about costs and rates."""
