"""What the gateway tells Prometheus: rows of figures, read from its parts when somebody asks for `/metrics`."""
