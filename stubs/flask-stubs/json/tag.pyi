from typedflask.json.tag import *
