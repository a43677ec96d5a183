"""Every command: whoever imports this has them all."""

from plancli.cli import about, ask, bring, chase, look, report, serve

__all__ = ["about", "ask", "bring", "chase", "look", "report", "serve"]
