"""Reading plans, outside of requests: a file that takes long, or the whole process down with it, disturbs nobody at the desk."""

from __future__ import annotations

import logging

from django.utils.timezone import now
from django_tasks import task

from shouhu.ledgers.campaigns import actions
from shouhu.ledgers.units.refusals import Refused

UNREADABLE = "读取时出错；请用 Word 或 WPS 打开，另存为 .docx 后重新上传，再次出错请联系系统管理员"

log = logging.getLogger(__name__)


@task()
def read(paper_id: int) -> None:
    """This function will read a plan that was handed in; why it could not be read is told on its page."""
    try:
        actions.read_paper(paper_id=paper_id, at=now())
    except Refused as refusal:
        actions.fail_reading(paper_id=paper_id, why=str(refusal))
    except Exception:
        log.exception("plan %s could not be read", paper_id)
        actions.fail_reading(paper_id=paper_id, why=UNREADABLE)
