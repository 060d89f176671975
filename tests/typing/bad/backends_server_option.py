# cat: backend | needs: plain
"""What to do without the store has two names."""
from typedflask import Flask
from typedflask.sessions.server_side import ServerSideSessions
from typedflask.sessions.stores.memory import MemoryStore

app = Flask(__name__, session=ServerSideSessions(MemoryStore(), on_outage="readonly"))  # E: -
