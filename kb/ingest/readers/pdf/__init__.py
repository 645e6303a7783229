"""PDF documents: the words and rules of each page, from them tables and paragraphs."""
