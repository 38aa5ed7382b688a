"""The pages of costs and rates."""
