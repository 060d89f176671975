from typedflask.json.provider import *
