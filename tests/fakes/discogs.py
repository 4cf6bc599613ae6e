"""A site of dumps: the same files, as data.discogs.com, a bucket, or a folder would show them."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

ENTITIES = ("artists", "labels", "masters", "releases")


def dump_files(day: str, *, entities: tuple[str, ...] = ENTITIES, checksum: bool = True) -> dict[str, bytes]:
    """Files of one dump by name; the bodies only look like gzip."""
    files = {f"discogs_{day}_{entity}.xml.gz": b"\x1f\x8b" + f"{day} {entity} ".encode() * 5000 for entity in entities}
    if checksum:
        lines = [f"{hashlib.sha256(body).hexdigest()} *{name}" for name, body in files.items()]
        files[f"discogs_{day}_CHECKSUM.txt"] = "\n".join(lines).encode() + b"\n"
    return files


@dataclass
class DumpSite:
    """Serves dump files with Range, If-Range and ETag, and remembers what it was asked."""

    files: dict[str, bytes]
    page_size: int = 1000
    requests: list[str] = field(default_factory=list)
    ranges: list[str | None] = field(default_factory=list)

    def key(self, name: str) -> str:
        return f"data/{name[8:12]}/{name}"

    def serve_html(self, server: HTTPServer) -> str:
        """Serve as data.discogs.com does, and answer the base URL."""
        server.expect_request("/").respond_with_handler(self._html)
        return server.url_for("/")

    def serve_bucket(self, server: HTTPServer) -> str:
        """Serve as the bucket did, and answer the base URL."""
        server.expect_request("/").respond_with_handler(self._bucket)
        for name in self.files:
            server.expect_request(f"/{self.key(name)}").respond_with_handler(self._object)
        return server.url_for("/")

    def write(self, folder: Path) -> Path:
        """Lay the files into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, body in self.files.items():
            (folder / name).write_bytes(body)
        return folder

    def _html(self, request: Request) -> Response:
        self.requests.append(request.full_path)
        query = parse_qs(request.query_string.decode())
        if "download" in query:
            return self._file(query["download"][0].rsplit("/", 1)[-1], request)
        prefix = query.get("prefix", [""])[0]
        if not prefix:
            years = sorted({name[8:12] for name in self.files})
            rows = [f'  -  <a href="?prefix=data%2F{year}%2F">{year}/</a>' for year in years]
        else:
            rows = ['     <a href="?prefix=data%2F">../</a>']
            rows += [
                f'2026-03-01 19:31:21   {len(body)} B   <a href="?download={self.key(name).replace("/", "%2F")}">x</a>'
                for name, body in sorted(self.files.items())
                if self.key(name).startswith(prefix)
            ]
        return Response("<html><pre>\n" + "\n".join(rows) + "\n</pre></html>", content_type="text/html")

    def _bucket(self, request: Request) -> Response:
        self.requests.append(request.full_path)
        prefix, marker = request.args.get("prefix", ""), request.args.get("marker", "")
        keys = sorted(key for key in map(self.key, self.files) if key.startswith(prefix) and key > marker)
        page = keys[: self.page_size]
        items = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(self.files[key.rsplit('/', 1)[-1]])}</Size></Contents>"
            for key in page
        )
        is_truncated = str(len(keys) > len(page)).lower()
        return Response(
            '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
            f"<IsTruncated>{is_truncated}</IsTruncated>{items}</ListBucketResult>",
            content_type="application/xml",
        )

    def _object(self, request: Request) -> Response:
        return self._file(request.path.rsplit("/", 1)[-1], request)

    def _file(self, name: str, request: Request) -> Response:
        self.ranges.append(request.headers.get("Range"))
        body = self.files.get(name)
        if body is None:
            return Response("no such file", status=404)
        response = Response(body, content_type="application/octet-stream")
        response.set_etag(hashlib.md5(body).hexdigest())
        response.accept_ranges = "bytes"
        response.make_conditional(request, accept_ranges=True, complete_length=len(body))
        return response
