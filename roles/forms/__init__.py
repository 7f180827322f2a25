"""Forms: what people type, cleaned and checked before a deed sees it."""
