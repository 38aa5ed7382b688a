"""The money of the State of Franklin: what its services cost, what is used of them, and two years of bills."""
