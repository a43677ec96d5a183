"""Answers for people and programs: terminal, formats, charts."""
