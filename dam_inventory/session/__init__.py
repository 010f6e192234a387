"""One session's state and actions; knows no Panel."""
