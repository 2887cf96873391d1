"""工作台: the pages of the staff. A view parses, makes one call of an action or a query, and renders."""
