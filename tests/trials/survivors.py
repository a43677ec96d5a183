"""Why some changes of the code are seen by no test."""

EXPLAINED: dict[str, str] = {}  # a pattern of "line before → line after" -> why
