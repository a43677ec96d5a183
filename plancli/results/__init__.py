"""Answers as data: tables, documents, charts and their labels."""
