"""How the database keeps the ring's figures itself: the triggers, the counting anew, and the adding up."""
