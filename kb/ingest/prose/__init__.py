"""The shared reader of prose: from the paragraphs of a report to its recommendations and facts."""
