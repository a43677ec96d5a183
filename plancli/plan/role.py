"""How a body takes part in a task."""

from enum import StrEnum


class Role(StrEnum):
    """牵头, or any other part: 按职责分工负责, 配合, 参与."""

    LEAD = "lead"
    PARTICIPATE = "participate"
