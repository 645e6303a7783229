"""The derived side of a knowledge base: generations, records, counting columns and arrays."""
