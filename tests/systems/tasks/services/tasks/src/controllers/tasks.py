"""The business logic of the domain `tasks`."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.tasks.src.models import Task
from shared.generated.errors import NotFound
from shared.generated.schemas import Assignment, TaskCreate, TaskRead, TaskUpdate


class TasksController:
    """Keeps the tasks, and tells the others of them."""

    async def create_task(self, session: AsyncSession, payload: TaskCreate) -> TaskRead:
        """Write a new task down."""
        task = Task(**payload.model_dump())
        session.add(task)
        await session.flush()
        return TaskRead.model_validate(task)

    async def update_task(self, session: AsyncSession, task_id: int, payload: TaskUpdate) -> TaskRead:
        """Change what `payload` sets. Raises `NotFound`."""
        return await _changed(session, task_id, **payload.model_dump(exclude_unset=True))

    async def assign_task(self, session: AsyncSession, task_id: int, payload: Assignment) -> TaskRead:
        """Give the task to these workers. Raises `NotFound`."""
        return await _changed(session, task_id, worker_ids=payload.worker_ids)

    async def complete_task(self, session: AsyncSession, task_id: int) -> TaskRead:
        """Note that the task is done. Raises `NotFound`."""
        return await _changed(session, task_id, is_done=True)

    async def delete_task(self, session: AsyncSession, task_id: int) -> None:
        """Delete the task. Raises `NotFound`."""
        await session.delete(await _task(session, task_id))


async def _task(session: AsyncSession, task_id: int) -> Task:
    if task := await session.get(Task, task_id):
        return task
    raise NotFound(f"There is no task {task_id}.")


async def _changed(session: AsyncSession, task_id: int, **values: Any) -> TaskRead:
    task = await _task(session, task_id)
    for name, value in values.items():
        setattr(task, name, value)
    return TaskRead.model_validate(task)
