"""The shared reader of tables: from rows of any format to recommendations with their actions."""
