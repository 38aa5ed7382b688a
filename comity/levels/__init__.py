"""Service levels: what is promised of each service, measured month by month from tickets and outages."""
