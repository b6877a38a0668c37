"""What `tests/official_client.py` is made of."""
