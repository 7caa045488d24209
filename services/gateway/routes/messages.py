"""get/message."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request

from services.gateway.context.request_context import Context, RequestContext
from services.gateway.schemas.messages import FEEDBACK, GetMessage, MessageOut, Messages
from services.gateway.wire.presenters import original
from services.gateway.wire.wire_times import written
from services.http import Envelope, Json, TolerantRoute, answer
from shared.domain.message import Message

router = APIRouter(route_class=TolerantRoute, tags=["messages"])


@router.post(
    "/get/message",
    summary="The latest messages, word for word",
    response_model=Envelope[Messages],
)
async def get_message(request: Request, body: GetMessage, context: Context) -> Json:
    """The latest messages of a conversation, or of all of a user's, the oldest of them first."""
    latest = await _latest(context, body)
    zone = ZoneInfo(context.settings.timezone)
    return answer(
        request,
        Messages(message_detail_list=[_shown(message, zone) for message in latest]),
    )


async def _latest(context: RequestContext, body: GetMessage) -> list[Message]:
    if not body.wanted:
        return []
    found = await context.ports.messages.latest(
        context.project, body.user_id, body.conversation_id or None, 2 * body.wanted
    )
    said = [message for message in found if FEEDBACK not in message.extra]
    ordered = sorted(
        said, key=lambda message: (message.arrived_at, message.job, message.position)
    )[-body.wanted :]
    if body.conversation_id:
        return ordered
    kept = list(
        dict.fromkeys(message.scope.conversation for message in reversed(ordered))
    )[: body.conversation_limit_number]
    return [message for message in ordered if message.scope.conversation in kept]


def _shown(message: Message, zone: ZoneInfo) -> MessageOut:
    at = written(message.arrived_at, zone)
    return MessageOut.model_validate(
        {
            **original(message),
            "create_time": at,
            "update_time": at,
            "createTime": at,
            "updateTime": at,
        }
    )
