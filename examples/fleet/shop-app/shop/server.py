"""The shop's HTTP API: a list of products, and a health check."""

import json
import pathlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PRODUCTS = [{"id": 1, "name": "Kettle"}, {"id": 2, "name": "Teapot"}]
OPENAPI = pathlib.Path(__file__).with_name("openapi.json").read_bytes()
ROUTES = {
    "/health": json.dumps({"status": "up"}).encode(),
    "/products": json.dumps(PRODUCTS).encode(),
    "/openapi.json": OPENAPI,
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = ROUTES.get(self.path)
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body if body is not None else b'{"error": "not found"}')


if __name__ == "__main__":
    ThreadingHTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
