"""A project's life with its template: newer versions, and services of the template that come and go."""
