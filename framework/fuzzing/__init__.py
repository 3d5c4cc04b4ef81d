"""`make fuzz`: services are asked what their OpenAPI documents allow and forbid, by schemathesis."""
