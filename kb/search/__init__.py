"""Full-text search: the query language, and the engines that carry it out."""
