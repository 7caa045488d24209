"""get/message."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request

from services.gateway.context.request_context import Context, RequestContext
from services.gateway.ingest.said_messages import latest_said
from services.gateway.schemas.messages import GetMessage, MessageOut, Messages
from services.gateway.wire.presenters import original_message
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
    messages = await latest_messages(context, body)
    zone = ZoneInfo(context.settings.timezone)
    details = [message_detail(message, zone) for message in messages]
    remarks = list(body.remarks()) or None
    return answer(request, Messages(message_detail_list=details, remarks=remarks))


async def latest_messages(context: RequestContext, body: GetMessage) -> list[Message]:
    """The latest messages that were said, the oldest of them first; without a
    conversation those of the latest few conversations.
    """
    latest = await latest_said(
        context, body.user_id, body.conversation_id or None, body.message_limit
    )
    if body.conversation_id:
        return latest
    newest_first = [message.scope.conversation for message in reversed(latest)]
    conversations = list(dict.fromkeys(newest_first))[: body.conversation_limit_number]
    return [
        message for message in latest if message.scope.conversation in conversations
    ]


def message_detail(message: Message, zone: ZoneInfo) -> MessageOut:
    """A message with its time of arrival in a time zone."""
    arrival = written(message.arrived_at, zone)
    times = {
        "create_time": arrival,
        "update_time": arrival,
        "createTime": arrival,
        "updateTime": arrival,
    }
    return MessageOut.model_validate({**original_message(message), **times})
