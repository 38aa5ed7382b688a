"""What people do with costs and rates, and what bills ask of them."""
