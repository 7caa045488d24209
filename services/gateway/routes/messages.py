"""get/message."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request

from services.gateway.desk import Desk, TheDesk
from services.gateway.present import original
from services.gateway.schemas.messages import FEEDBACK, GetMessage, MessageOut, Messages
from services.gateway.times import written
from services.http import Envelope, Json, TolerantRoute, answer
from shared.domain.message import Message

router = APIRouter(route_class=TolerantRoute, tags=["messages"])


@router.post("/get/message", summary="The latest messages, word for word", response_model=Envelope[Messages])
async def get_message(request: Request, order: GetMessage, desk: TheDesk) -> Json:
    """The latest messages of a conversation, or of all of a user's, the oldest of them first."""
    latest = await _latest(desk, order)
    zone = ZoneInfo(desk.settings.timezone)
    return answer(request, Messages(message_detail_list=[_shown(message, zone) for message in latest]))


async def _latest(desk: Desk, order: GetMessage) -> list[Message]:
    if not order.wanted:
        return []
    found = await desk.ports.messages.latest(desk.project, order.user_id, order.conversation_id or None, 2 * order.wanted)
    said = [message for message in found if FEEDBACK not in message.extra]
    ordered = sorted(said, key=lambda message: (message.arrived_at, message.job, message.position))[-order.wanted:]
    if order.conversation_id:
        return ordered
    kept = list(dict.fromkeys(message.scope.conversation for message in reversed(ordered)))[:order.conversation_limit_number]
    return [message for message in ordered if message.scope.conversation in kept]


def _shown(message: Message, zone: ZoneInfo) -> MessageOut:
    at = written(message.arrived_at, zone)
    return MessageOut.model_validate({**original(message), "create_time": at, "update_time": at, "createTime": at, "updateTime": at})
