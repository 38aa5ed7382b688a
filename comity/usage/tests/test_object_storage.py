"""The store on S3-compatible storage: a server of our own, and one that does not answer."""

from __future__ import annotations

import os
from datetime import date
from unittest.mock import patch

from moto.server import ThreadedMotoServer
from pyarrow import fs

from comity.core.errors import DomainError
from comity.usage.models import Batch
from comity.usage.services import counts, mending
from comity.usage.store import Line, Store, page_of
from comity.usage.tests.loaded import HEAD, UsageTestCase

JULY = date(2026, 7, 1)
KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}


class ObjectStorage(UsageTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
        server.start()
        cls.addClassCleanup(server.stop)
        _host, port = server.get_host_and_port()
        cls.enterClassContext(
            patch.dict(os.environ, {**KEYS, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"})
        )
        server_at = {"endpoint_override": f"127.0.0.1:{port}", "scheme": "http"}
        fs.S3FileSystem(allow_bucket_creation=True, **server_at).create_dir("comity")

    def setUp(self) -> None:
        super().setUp()
        self.enterContext(self.settings(USAGE_URL="s3://comity/usage"))

    def test_a_file_is_loaded_read_and_mended_there(self) -> None:
        batch = self.load(f"{HEAD}\nPARKS,VOICE,2026-07-01,2\nNOBODY,VOICE,2026-07-01,1\n")
        store = Store.here()
        names = [f"left/{batch.pk}-1.parquet", f"rows/2026-07/{batch.pk}-1.parquet"]
        self.assertEqual(store.of_batch(batch.pk), names)
        rows, count = page_of(Line(self.parks.pk, self.voice.pk, JULY, JULY))
        self.assertEqual((count, rows[0]["account"]), (1, "PARKS"))
        mending.mend(self.source, [("NOBODY", self.roads)], by=self.finn)
        self.run_jobs()
        self.assertEqual((counts().rated, counts().set_aside), (2, 0))
        for path in store.folder.rglob("*.parquet"):
            path.unlink()  # what was read may go at any time
        self.assertEqual(len(self.rows(JULY)), 2)

    def test_storage_that_cannot_be_reached_is_said_and_nothing_is_changed(self) -> None:
        nowhere = patch.dict(os.environ, {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"})
        with (
            nowhere,
            self.assertRaisesMessage(
                DomainError, "The object storage for usage (s3://comity/usage) cannot be used"
            ),
        ):
            self.load(f"{HEAD}\nPARKS,VOICE,2026-07-01,2\n")
        self.assertEqual((counts().rows_in, Batch.objects.get().state), (0, Batch.State.FAILED))
