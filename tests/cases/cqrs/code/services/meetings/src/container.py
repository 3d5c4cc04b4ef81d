"""What the service is made of, as a container of dependencies knows it."""

from dishka import Container, Provider, Scope, make_container, provide

from services.meetings.src.controllers.meetings import MeetingsController
from services.meetings.src.links import Links


class Meetings(Provider):
    """Controllers and what they need, one of each."""

    scope = Scope.APP

    @provide
    def links(self) -> Links:
        """Links to another house than that of the controller's own."""
        return Links("https://container.example.org")

    @provide
    def controller(self, links: Links) -> MeetingsController:
        """The controller with what it needs."""
        return MeetingsController(links)


container: Container = make_container(Meetings())
