"""The role of an agency in a task."""

from enum import StrEnum


class Role(StrEnum):
    """Lead (牵头), or any other role: 按职责分工负责, 配合, 参与."""

    LEAD = "lead"
    PARTICIPATE = "participate"
