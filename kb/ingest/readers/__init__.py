"""One reader for each format: from its bytes to tables and paragraphs with their places."""
