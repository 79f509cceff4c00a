/** A proxy before a registry that tells of each request before it is passed on. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onExit } from '../processes/index.ts';

export interface RegistryProxy {
  readonly host: string;
  /** Called before a request is passed on. */
  onRequest: (method: string, path: string) => void;
  stop(): Promise<void>;
}

export async function startProxy(target: string): Promise<RegistryProxy> {
  const server = createServer((incoming, answer) => {
    proxy.onRequest(incoming.method ?? '', incoming.url ?? '');
    const [hostname, port] = target.split(':');
    const outgoing = request(
      // The host that the client sees, so that the registry's absolute addresses lead back here.
      { hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers },
      (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      },
    );
    outgoing.on('error', () => answer.destroy());
    incoming.on('error', () => outgoing.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = onExit(
    () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  const proxy: RegistryProxy = { host: `127.0.0.1:${port}`, onRequest: () => {}, stop };
  return proxy;
}
