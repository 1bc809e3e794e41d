"""The analysts' screens. Django saves; then the change goes into the log, in the same transaction.

``base`` saves and writes down, ``lists`` filters, ``acts`` does things to many records, ``archive`` keeps copies;
``screens``, ``reference`` and ``records`` are what one sees.
"""

from brands.admin import records, reference, screens
from brands.admin.acts import AT_ONCE, BulkSteps, Step, TaggableAdmin, WithdrawableAdmin
from brands.admin.base import FactsAdmin, changelist_of, log_of, user_of

__all__ = [
    "AT_ONCE",
    "BulkSteps",
    "FactsAdmin",
    "Step",
    "TaggableAdmin",
    "WithdrawableAdmin",
    "changelist_of",
    "log_of",
    "records",
    "reference",
    "screens",
    "user_of",
]
