"""The domain model: dams and their rules, hydrographs, changes, permissions and messages."""
