"""What people do with councils."""
