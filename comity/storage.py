"""Files by their names, in a folder or on S3-compatible storage: each appears whole, and is never changed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

# Loaded where it is used: most processes never ask for a file, and a hundred megabytes lie in it.
if TYPE_CHECKING:
    from pyarrow import fs

_TRIES = 3


@dataclass(frozen=True)
class Storage:
    """Where the files are. What a disk or an object storage refuses is an OSError, unless `refusing` says otherwise.

    folder  where they lie; of object storage, where those that were written or read here are kept as well
    bucket  bucket and prefix of object storage; "" for none
    """

    folder: Path
    bucket: str = ""

    def refusing(self) -> AbstractContextManager[None]:
        """Within it, what is refused is said as its users are told."""
        return nullcontext()

    def read(self, names: Iterable[str]) -> list[Path]:
        """Where files can be read on this machine."""
        with self.refusing():
            return [self._at_hand(name) for name in names]

    def keep(self, made: Path, name: str) -> str:
        """Take a file that was made on this machine; its hash. Where that is refused, nothing is there."""
        with self.refusing():
            with made.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            if self.bucket:
                from pyarrow import fs

                fs.copy_files(str(made), name, fs.LocalFileSystem(), self._for_good)
            self.place(made, name)
        return sha256

    def forget(self, names: Iterable[str]) -> None:
        """Remove files, as far as they are there."""
        with self.refusing():
            for name in names:
                (self.folder / name).unlink(missing_ok=True)
                if self.bucket:
                    with suppress(FileNotFoundError):
                        self._for_good.delete_file(name)

    def named(self, start: str) -> list[str]:
        """The names of all files that begin so, in whatever folder."""
        from pyarrow import fs

        with self.refusing():
            every = self._for_good.get_file_info(fs.FileSelector("", allow_not_found=True, recursive=True))
        return sorted(one.path for one in every if one.base_name.startswith(start))

    @contextmanager
    def workshop(self) -> Iterator[Path]:
        """A folder on the same disk, gone afterwards: what is made in it is moved in one step."""
        with self.refusing():
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.folder, prefix=".making-") as made:
                yield Path(made)

    def place(self, made: Path, name: str) -> None:
        """Move a file that is whole to where it is read."""
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        made.replace(self.folder / name)

    def _at_hand(self, name: str) -> Path:
        path = self.folder / name
        if self.bucket and not path.exists():
            from pyarrow import fs

            with self.workshop() as made:
                fs.copy_files(name, str(made / "file"), self._for_good, fs.LocalFileSystem())
                self.place(made / "file", name)
        return path

    @property
    def _for_good(self) -> fs.FileSystem:
        """What holds the files by their names: the folder, or the bucket."""
        from pyarrow import fs

        if self.bucket:
            return fs.SubTreeFileSystem(self.bucket, _s3())
        return fs.SubTreeFileSystem(str(self.folder), fs.LocalFileSystem())


def _s3() -> fs.S3FileSystem:
    """Object storage as the environment describes it. Keys and region are found by pyarrow itself."""
    from pyarrow import fs

    where = urlsplit(os.environ.get("AWS_ENDPOINT_URL", ""))
    more = {"endpoint_override": where.netloc, "scheme": where.scheme} if where.netloc else {}
    patience = fs.AwsStandardS3RetryStrategy(max_attempts=_TRIES)
    return fs.S3FileSystem(connect_timeout=5, request_timeout=60, retry_strategy=patience, **more)
