"""Convert strict YAML to and from dataclasses."""
