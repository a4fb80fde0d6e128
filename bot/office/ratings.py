"""What families say of a provider's programs, and its one reply to each (R7.3)."""

from starlette.responses import Response

from bot.domain.catalogue_staff import MyPrograms
from bot.domain.rating import LONGEST_REPLY, CommentState, ListComments, ReplyToRating
from bot.i18n import _
from bot.office.page import PROVIDER, NotFound, Visit, form, page
from bot.office.paging import part
from bot.office.rating_words import told


async def ratings(visit: Visit) -> Response:
    """Scores of the programs; comments that everybody sees, those without a reply first."""
    found = await part(visit, "/ratings", lambda skip, most: ListComments(CommentState.SHOWN, skip, most))
    scored = [each for each in await visit.read(MyPrograms()) if each.score is not None] if not found.number else []
    at = int(visit.request.path_params.get("rating", 0))
    known = {"found": found, "scored": scored, "most": LONGEST_REPLY, "at": at}
    return visit.page("ratings.html", _("Ratings"), **known)


async def reply(visit: Visit) -> Response:
    """Once; its author is told."""
    number = visit.id("rating")
    if not await visit.read(ListComments(CommentState.SHOWN, only=number)):
        raise NotFound
    wish = ReplyToRating(number, visit.entry.text("text", most=LONGEST_REPLY, least=1))
    return await visit.does(wish, told, to="/ratings", again=ratings)


PAGES = (
    page("/ratings", ratings, PROVIDER),
    form("/ratings/{rating:int}", reply, PROVIDER),
)
