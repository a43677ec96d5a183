"""plancli: who has to do what, where, under an official plan."""

__version__ = "0.6.0"
