# Generated from services/shop/spec by `make generate-from-spec`. Do not edit.
"""The operations of the service `shop`, each as one unit of work."""

import datetime as dt
from decimal import Decimal

from framework.runtime.database import SessionFactory
from framework.runtime.deprecation import tell_deprecated
from framework.runtime.idempotency.answers import claim_key, keep_answer
from framework.runtime.idempotency.key import IdempotencyKey
from framework.runtime.pages import Cursor, Page
from framework.runtime.unit_of_work import UnitOfWorkFactory
from framework.runtime.versions import EntityTag, IfMatch
from services.shop.src.generated.pages import (
    LIST_CODES_ORDER,
    LIST_DAYS_ORDER,
    LIST_LABELS_ORDER,
    LIST_PRICES_ORDER,
    LIST_SHELVES_ORDER,
)
from services.shop.src.generated.protocols import (
    ShelvesControllerProtocol,
    ThingsControllerProtocol,
)
from shared.generated.events import (
    THING_ADDED,
    publish_case_closed,
    publish_check_failed,
    publish_shelf_removed,
    publish_thing_added,
    publish_thing_checked,
    publish_thing_removed,
)
from shared.generated.schemas import (
    Case,
    CaseOpen,
    FindThingsColours,
    FindThingsKind,
    ShelfCreate,
    ShelfRead,
    ShelfRemoved,
    ShelfUpdate,
    Sweep,
    SweepThingsKind,
    ThingCreate,
    ThingName,
    ThingRead,
    ThingUpdate,
)


class ShelvesOperations:
    """The operations of the domain `shelves`, whatever calls them."""

    def __init__(
        self,
        controller: ShelvesControllerProtocol,
        get_session: SessionFactory,
    ) -> None:
        self._controller = controller
        self._work = UnitOfWorkFactory("shop", get_session)

    async def list_shelves(
        self,
        *,
        label: str | None,
        limit: int,
        cursor: Cursor | None,
    ) -> Page[ShelfRead]:
        """The newest first."""
        async with self._work.query("shelves.list_shelves") as work:
            return await self._controller.list_shelves(
                work.session, label=label, page=LIST_SHELVES_ORDER.request(limit, cursor)
            )

    async def list_prices(
        self,
        *,
        limit: int,
        cursor: Cursor | None,
    ) -> Page[ShelfRead]:
        """List prices."""
        async with self._work.query("shelves.list_prices") as work:
            return await self._controller.list_prices(
                work.session, page=LIST_PRICES_ORDER.request(limit, cursor)
            )

    async def list_labels(
        self,
        *,
        limit: int,
        cursor: Cursor | None,
    ) -> Page[ShelfRead]:
        """List labels."""
        async with self._work.query("shelves.list_labels") as work:
            return await self._controller.list_labels(
                work.session, page=LIST_LABELS_ORDER.request(limit, cursor)
            )

    async def list_days(
        self,
        *,
        least: Decimal,
        limit: int,
        cursor: Cursor | None,
    ) -> Page[ShelfRead]:
        """List days.

        Deprecated.
        """
        tell_deprecated("shelves.list_days")
        async with self._work.query("shelves.list_days") as work:
            return await self._controller.list_days(
                work.session, least=least, page=LIST_DAYS_ORDER.request(limit, cursor)
            )

    async def list_codes(
        self,
        *,
        limit: int,
        cursor: Cursor | None,
    ) -> Page[ShelfRead]:
        """List codes."""
        async with self._work.query("shelves.list_codes") as work:
            return await self._controller.list_codes(
                work.session, page=LIST_CODES_ORDER.request(limit, cursor)
            )

    async def add_shelf(
        self,
        *,
        payload: ShelfCreate,
    ) -> ShelfRead:
        """Add shelf."""
        async with self._work.command("shelves.add_shelf") as work:
            result = await self._controller.add_shelf(work.session, payload=payload)
            return work.checked(result, ShelfRead)

    async def show_shelf(
        self,
        *,
        shelf_id: int,
    ) -> ShelfRead:
        """Show shelf.

        Raises:
            NotFound: 404 over REST.
        """
        async with self._work.query("shelves.show_shelf") as work:
            return await self._controller.show_shelf(work.session, shelf_id=shelf_id)

    async def change_shelf(
        self,
        *,
        shelf_id: int,
        payload: ShelfUpdate,
        if_match: IfMatch | None,
        idempotency_key: IdempotencyKey | None = None,
    ) -> ShelfRead:
        """Change shelf.

        Raises:
            NotFound: 404 over REST.
            PreconditionFailed: 412 over REST.
        """
        async with self._work.command("shelves.change_shelf") as work:
            await claim_key(work, idempotency_key)
            result = await self._controller.change_shelf(
                work.session, shelf_id=shelf_id, payload=payload, if_match=IfMatch.given(if_match)
            )
            result = work.checked(result, ShelfRead)
            await keep_answer(
                work, idempotency_key, 200, result, ShelfRead, etag=EntityTag(result.version)
            )
        return result

    async def remove_shelf(
        self,
        *,
        shelf_id: int,
        if_match: IfMatch | None,
    ) -> None:
        """Remove shelf.

        Raises:
            NotFound: 404 over REST.
            PreconditionFailed: 412 over REST.
        """
        async with self._work.command("shelves.remove_shelf") as work:
            await self._controller.remove_shelf(
                work.session, shelf_id=shelf_id, if_match=IfMatch.given(if_match)
            )
            await publish_shelf_removed(ShelfRemoved(shelf_id=shelf_id), session=work.session)


class ThingsOperations:
    """The operations of the domain `things`, whatever calls them."""

    def __init__(
        self,
        controller: ThingsControllerProtocol,
        get_session: SessionFactory,
    ) -> None:
        self._controller = controller
        self._work = UnitOfWorkFactory("shop", get_session)

    async def find_things(
        self,
        *,
        limit: int,
        named: str | None,
        kind: FindThingsKind,
        since: dt.datetime,
        exact: bool,
        colours: list[FindThingsColours],
        sizes: list[int] | None,
        codes: list[str],
    ) -> list[ThingRead]:
        """Find things."""
        async with self._work.query("things.find_things") as work:
            return await self._controller.find_things(
                work.session,
                limit=limit,
                named=named,
                kind=kind,
                since=since,
                exact=exact,
                colours=colours,
                sizes=sizes,
                codes=codes,
            )

    async def show_thing(
        self,
        *,
        shelf: str,
        thing_id: int,
    ) -> ThingRead:
        """Shows a thing: "quoted", back\\slash and \"\"\"."""
        async with self._work.query("things.show_thing") as work:
            return await self._controller.show_thing(work.session, shelf=shelf, thing_id=thing_id)

    async def add_thing(
        self,
        *,
        payload: ThingCreate,
    ) -> ThingName:
        """Add thing."""
        async with (
            self._work.report_failure("things.add_thing", publish_check_failed),
            self._work.command("things.add_thing", tells=THING_ADDED) as work,
        ):
            result = await self._controller.add_thing(work.session, payload=payload)
            result = work.checked(result, ThingName)
            await publish_thing_added(result, session=work.session)
        return result

    async def add_many(
        self,
        *,
        payload: list[ThingCreate],
    ) -> dict[str, ThingRead]:
        """Add many."""
        async with self._work.command("things.add_many") as work:
            result = await self._controller.add_many(work.session, payload=payload)
            return work.checked(result, dict[str, ThingRead])

    async def replace_thing(
        self,
        *,
        thing_id: int,
        payload: ThingUpdate,
        force: bool,
    ) -> ThingRead:
        """Replace thing."""
        async with self._work.command("things.replace_thing") as work:
            result = await self._controller.replace_thing(
                work.session, thing_id=thing_id, payload=payload, force=force
            )
            return work.checked(result, ThingRead)

    async def rename_thing(
        self,
        *,
        payload: ThingName,
    ) -> None:
        """Rename thing."""
        async with self._work.command("things.rename_thing") as work:
            await self._controller.rename_thing(work.session, payload=payload)
            await publish_thing_removed(payload, session=work.session)

    async def check_thing(
        self,
        *,
        payload: ThingName,
    ) -> Case:
        """Check thing.

        Deprecated.
        """
        tell_deprecated("things.check_thing")
        async with self._work.report_failure("things.check_thing", publish_check_failed):
            result = await self._controller.check_thing(payload=payload)
            async with self._work.command("things.check_thing") as work:
                await publish_thing_checked(result, session=work.session)
        return result

    async def tell_outside(
        self,
        *,
        payload: Case,
    ) -> None:
        """Tell outside."""
        await self._controller.tell_outside(payload=payload)

    async def close_case(
        self,
        *,
        number: int,
    ) -> None:
        """Close case."""
        async with self._work.command("things.close_case") as work:
            await self._controller.close_case(work.session, number=number)
            await publish_case_closed(CaseOpen(number=number), session=work.session)

    async def sweep_things(
        self,
        *,
        payload: Sweep,
        limit: int,
        kind: SweepThingsKind,
        since: dt.datetime | None,
    ) -> None:
        """Called over HTTP, by an event and by the clock."""
        async with (
            self._work.report_failure("things.sweep_things", publish_check_failed),
            self._work.command("things.sweep_things") as work,
        ):
            await self._controller.sweep_things(
                work.session, payload=payload, limit=limit, kind=kind, since=since
            )

    async def count_things(
        self,
    ) -> int:
        """Count things."""
        async with self._work.command("things.count_things") as work:
            result = await self._controller.count_things(work.session)
            return work.checked(result, int)

    async def buy_thing(
        self,
        *,
        thing_id: int,
        payload: ThingName,
        x_tenant: str | None,
        visitor: str | None,
        gift: bool,
        idempotency_key: IdempotencyKey | None = None,
    ) -> ThingRead:
        """Takes effect once under each key.

        Raises:
            SoldOut: 409 over REST.
        """
        async with (
            self._work.report_failure("things.buy_thing", publish_check_failed),
            self._work.command("things.buy_thing") as work,
        ):
            await claim_key(work, idempotency_key)
            result = await self._controller.buy_thing(
                work.session,
                thing_id=thing_id,
                payload=payload,
                x_tenant=x_tenant,
                visitor=visitor,
                gift=gift,
            )
            result = work.checked(result, ThingRead)
            await keep_answer(work, idempotency_key, 201, result, ThingRead)
        return result

    async def return_thing(
        self,
        *,
        thing_id: int,
        idempotency_key: IdempotencyKey | None = None,
    ) -> None:
        """Return thing."""
        async with self._work.command("things.return_thing") as work:
            await claim_key(work, idempotency_key)
            await self._controller.return_thing(work.session, thing_id=thing_id)
            await keep_answer(work, idempotency_key, 204)

    async def stamp_things(
        self,
        *,
        payload: Sweep,
        idempotency_key: IdempotencyKey | None = None,
    ) -> list[bytes]:
        """Stamp things."""
        async with self._work.command("things.stamp_things") as work:
            await claim_key(work, idempotency_key)
            result = await self._controller.stamp_things(work.session, payload=payload)
            result = work.checked(result, list[bytes])
            await keep_answer(work, idempotency_key, 200, result, list[bytes])
        return result

    async def ping(
        self,
    ) -> None:
        """Ping."""
        async with self._work.command("things.ping") as work:
            await self._controller.ping(work.session)
