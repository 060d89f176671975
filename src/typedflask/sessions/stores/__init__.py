"""What sessions on the server are kept in: `contract.py` says what a store must do."""
