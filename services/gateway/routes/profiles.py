"""Templates of profiles: add, list, get, update, delete, bind; edit/profile, delete/profile."""

from __future__ import annotations

from fastapi import APIRouter, Request

from services.gateway.context.request_context import Context
from services.gateway.profiles import manage_templates as templates
from services.gateway.profiles import profiles_by_template
from services.gateway.profiles.edit_profiles import delete_profile, edit_profile
from services.gateway.schemas.memories import Done
from services.gateway.schemas.profiles import (
    AddTemplate,
    BindProfiles,
    DeleteProfile,
    DeleteTemplate,
    EditProfile,
    ListTemplates,
    OneTemplate,
    TemplateChanged,
    TemplateDeleted,
    TemplateMade,
    TemplatePage,
    TemplateRequest,
    UpdateTemplate,
)
from services.http import Envelope, Json, TolerantRoute, answer

router = APIRouter(route_class=TolerantRoute, tags=["profiles"])


@router.post(
    "/add/profile_template",
    summary="Make a template of profiles",
    response_model=Envelope[TemplateMade],
)
async def add(request: Request, body: AddTemplate, context: Context) -> Json:
    """A new template each time. Bound to users and agents it gives each a profile."""
    made = TemplateMade(profile_template_id=await templates.add_template(context, body))
    return answer(request, made, remarks=body.remarks())


@router.post(
    "/list/profile_template",
    summary="The templates of the project",
    response_model=Envelope[TemplatePage],
)
async def list_all(request: Request, body: ListTemplates, context: Context) -> Json:
    """Newest first, without their fields."""
    page, total = await templates.list_templates(context, body)
    return answer(
        request,
        TemplatePage(
            profile_templates=page,
            total=total,
            current=body.page,
            size=body.size,
            pages=-(-total // body.size),
            remarks=list(body.remarks()) or None,
        ),
    )


@router.post(
    "/get/profile_template",
    summary="A template with its fields",
    response_model=Envelope[OneTemplate],
)
async def get(request: Request, body: TemplateRequest, context: Context) -> Json:
    """The values of profiles are in search/memory and get/memory, by
    `include_memory_view: ["profile"]`.
    """
    template = await templates.whole_template(context, body.profile_template_id)
    whole = OneTemplate(profile_template=template)
    return answer(request, whole, remarks=body.remarks())


@router.post(
    "/update/profile_template",
    summary="Change a template and the profiles by it",
    response_model=Envelope[TemplateChanged],
)
async def update(request: Request, body: UpdateTemplate, context: Context) -> Json:
    """New fields come with their values, missing ones go with what they held, changed
    ones are overwritten; what is not changed stays as each profile has it.
    """
    await profiles_by_template.update_template(context, body)
    id = body.profile_template_id
    changed = TemplateChanged(success=True, profile_template_id=id)
    return answer(request, changed, remarks=body.remarks())


@router.post(
    "/delete/profile_template",
    summary="Delete a template and the profiles by it",
    response_model=Envelope[TemplateDeleted],
)
async def delete_template(
    request: Request, body: DeleteTemplate, context: Context
) -> Json:
    """Other templates and other memories stay."""
    id = body.profile_template_id
    number = await templates.delete_template(context, id)
    deleted = TemplateDeleted(
        success=True, profile_template_id=id, deleted_instances=number
    )
    return answer(request, deleted)


@router.post(
    "/bind/profile_template",
    summary="Give users and agents a profile by a template",
    response_model=Envelope[Done],
)
async def bind(request: Request, body: BindProfiles, context: Context) -> Json:
    """From now on, what they say fills the fields that may be updated."""
    await profiles_by_template.bind_templates(context, body)
    return answer(request, Done(success=True, remarks=list(body.remarks()) or None))


@router.post(
    "/edit/profile",
    summary="Set and take away fields of a profile",
    response_model=Envelope[Done],
)
async def edit(request: Request, body: EditProfile, context: Context) -> Json:
    """Each field is a memory that can be recalled."""
    context.remarks.extend(body.remarks())
    await edit_profile(context, body)
    return answer(request, Done(success=True, remarks=context.remarks or None))


@router.post(
    "/delete/profile", summary="Delete a profile", response_model=Envelope[Done]
)
async def delete(request: Request, body: DeleteProfile, context: Context) -> Json:
    """That of a template, or all of an owner; it is bound no more."""
    context.remarks.extend(body.remarks())
    await delete_profile(context, body)
    return answer(request, Done(success=True, remarks=context.remarks or None))
