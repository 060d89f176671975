# cat: backend | needs: plain
"""A store is where sessions are kept, and not what keeps them."""
from typedflask import Flask
from typedflask.sessions.stores.memory import MemoryStore

app = Flask(__name__, session=MemoryStore())  # E: ServerSideSessions(MemoryStore())
