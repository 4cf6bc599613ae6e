"""What sources and providers share: requests to the hosts that are allowed, and attempts."""
