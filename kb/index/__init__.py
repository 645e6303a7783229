"""What is built from the corpus: generations, records, arrays and the manifest."""
