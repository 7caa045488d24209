"""What the HTTP services share: envelope, errors, keys, request ids, probes, metrics.

A service has all of it in three lines:

    app = FastAPI(title="...")
    install_service_basics(app, service="status", probes={"redis": ...})
    app.include_router(APIRouter(route_class=TolerantRoute))
"""

from services.http.auth import Authenticator
from services.http.envelope import Envelope, Failure, Json, answer
from services.http.lenient_routes import ProductRoute, TolerantRoute
from services.http.service_basics import install_service_basics

__all__ = [
    "Authenticator",
    "Envelope",
    "Failure",
    "Json",
    "ProductRoute",
    "TolerantRoute",
    "answer",
    "install_service_basics",
]
