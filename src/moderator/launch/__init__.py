"""Programs that this one starts and looks after: its own gateway, and the demo's simulated clouds. No window here."""
