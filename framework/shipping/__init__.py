"""What leaves a project: the locks of its services, their images, and Compose, which runs them."""
