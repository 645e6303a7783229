"""One module for each kind of page: what it asks of the knowledge base, and what it shows."""
