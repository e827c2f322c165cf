"""The log on NATS JetStream, for any number of gateways: the streams, how they are read and written, and the copy."""
