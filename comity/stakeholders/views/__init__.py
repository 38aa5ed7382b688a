"""The pages of stakeholders: lists, maps, and one of them."""
