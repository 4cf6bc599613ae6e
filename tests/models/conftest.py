"""dbt reads the project once."""

from tests.parsed_project import parsed_project

__all__ = ["parsed_project"]
