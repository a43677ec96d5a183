"""Represent answers as data: tables, documents, charts and their labels."""
