"""Full-text search: the query language, the engine interface and the Whoosh engine."""
