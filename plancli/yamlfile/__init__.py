"""Strict YAML to and from dataclasses."""
