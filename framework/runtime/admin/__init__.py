"""Administration over HTTP: what an operator may ask of a running service, and tell it to do.

Each module here makes one `APIRouter`, with paths below `/admin`; `routers.py` names them all.
"""
