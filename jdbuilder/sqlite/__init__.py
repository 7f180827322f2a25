"""Django's backend of SQLite, for connections that stay open between requests."""
