"""What the backend reads from the environment, beside what every service reads."""

from framework.runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """The settings of the backend; a field added here is read from the variable of the same name."""

    @property
    def has_debug_endpoints(self) -> bool:
        """Whether `/debug/...` answers: everywhere but in production."""
        return not self.is_production
