"""The window: Qt over the client. Nothing else imports Qt; nothing here imports the gateway or a provider."""
