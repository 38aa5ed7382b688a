"""A stub that plays ServiceNow: its Table API, its sign-in and `order_now`, with a script of what goes wrong.

    with Stub() as stub:
        stub.tables.put("incident", [{"number": "INC1", "state": "1"}])
        stub.faults.append(Fault("cut", on="incident", skip=2))
        ... stub.url

What it plays, and what of it was read where: docs/decisions/servicenow.md.
"""

from comity.testing.servicenow.app import CLIENT, SECRET, Fault, Instance
from comity.testing.servicenow.running import Stub, serve
from comity.testing.servicenow.tables import Tables, made_id, stamp

__all__ = ["CLIENT", "SECRET", "Fault", "Instance", "Stub", "Tables", "made_id", "serve", "stamp"]
