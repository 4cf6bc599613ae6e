"""The one place where adapters meet use cases. Every adapter is listed here by hand."""

from linernotes.bootstrap.app import App, open_app

__all__ = ["App", "open_app"]
