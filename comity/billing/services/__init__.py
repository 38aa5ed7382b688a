"""What people do with bills: run a month, approve, issue, adjust, export."""
