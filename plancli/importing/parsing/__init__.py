"""Paragraphs and tables -> a plan."""
