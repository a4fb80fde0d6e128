"""Comments on programs, before everybody reads them (R7.3)."""

from starlette.responses import Response

from bot.domain.rating import CheckComment, CommentState, ListComments
from bot.i18n import _
from bot.office.page import OPERATOR, Visit, form, page
from bot.office.paging import part
from bot.office.rating_words import told

STATES = {
    CommentState.WAITING: _("To check"),
    CommentState.SHOWN: _("Shown"),
    CommentState.HIDDEN: _("Hidden"),
}


async def comments(visit: Visit) -> Response:
    """The oldest first; `?state=` another pile."""
    asked = visit.asked("state")
    state = CommentState(asked) if asked in list(CommentState) else CommentState.WAITING
    found = await part(visit, "/comments", lambda skip, most: ListComments(state, skip, most))
    at = int(visit.request.path_params.get("rating", 0))
    return visit.page("comments.html", _("Comments"), found=found, state=state, states=STATES, at=at)


async def show(visit: Visit) -> Response:
    """Everybody may read it."""
    return await visit.does(CheckComment(visit.id("rating"), shown=True), told, "/comments", comments)


async def hide(visit: Visit) -> Response:
    """With a reason that its author reads."""
    command = CheckComment(visit.id("rating"), shown=False, reason=visit.entry.text("reason", most=500))
    return await visit.does(command, told, "/comments", comments)


PAGES = (
    page("/comments", comments, OPERATOR),
    form("/comments/{rating:int}/show", show, OPERATOR),
    form("/comments/{rating:int}/hide", hide, OPERATOR),
)
