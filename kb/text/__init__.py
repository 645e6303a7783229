"""Words: normalising, tokens, abbreviations, agencies and dates."""
