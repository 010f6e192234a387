"""What a dam is: fields, rules, hydrographs, changes, permissions and messages."""
