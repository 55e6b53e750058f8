"""What set-up and checking need; the standard library only, because it runs before anything is installed."""
