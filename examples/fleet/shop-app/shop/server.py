"""The shop's HTTP API: a list of products, each product, and a health check."""

import json
import os
import pathlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PRODUCTS = [{"id": 1, "name": "Kettle"}, {"id": 2, "name": "Teapot"}]
OPENAPI = pathlib.Path(__file__).with_name("openapi.json").read_bytes()
ROUTES = {
    "/health": json.dumps({"status": "up"}).encode(),
    "/products": json.dumps(PRODUCTS).encode(),
    "/openapi.json": OPENAPI,
    **{f"/products/{product['id']}": json.dumps(product).encode() for product in PRODUCTS},
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = ROUTES.get(self.path)
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body if body is not None else b'{"error": "not found"}')


if __name__ == "__main__":
    port = int(os.environ.get("PORT", "8000"))
    server = ThreadingHTTPServer(("0.0.0.0", port), Handler)
    print(f"the shop is open on port {port}", flush=True)
    server.serve_forever()
