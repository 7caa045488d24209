"""What the HTTP services share: envelope, errors, keys, request ids, probes, metrics.

A service is dressed in three lines:

    app = FastAPI(title="...")
    furnish(app, service="status", probes={"redis": lambda state: state.ports.board.read("ready")})
    app.include_router(APIRouter(route_class=TolerantRoute))
"""

from services.http.auth import Authenticator
from services.http.envelope import Envelope, Failure, Json, answer
from services.http.furnish import furnish
from services.http.routes import ProductRoute, TolerantRoute

__all__ = ["Authenticator", "Envelope", "Failure", "Json", "ProductRoute", "TolerantRoute", "answer", "furnish"]
