/** TLS handshakes with the published ports of a container. */
import { type ConnectionOptions, connect, type PeerCertificate, type SecureVersion } from 'node:tls';

export interface HandshakeOptions {
  /** On this machine. */
  readonly port: number;
  readonly serverName: string;
  /** PEM of the authorities that may have signed; absent: those that Node.js trusts. */
  readonly ca?: string;
  readonly client?: { readonly cert: string; readonly key: string };
  /** Only this version is offered; absent: all that are not broken. */
  readonly version?: SecureVersion;
  readonly timeoutMs: number;
  /** How long the connection has to last: with TLS 1.3, a server refuses a client's certificate after the handshake. */
  readonly lastsMs?: number;
}

export type Handshake =
  | {
      readonly ok: true;
      readonly version: string;
      readonly certificate: PeerCertificate;
      /** Why the chain or the name is not to be trusted; absent when it is. */
      readonly distrust?: string;
    }
  /** There was a connection, and no agreement. */
  | { readonly ok: false; readonly reason: string };

/** What OpenSSL says when this side has nothing to offer: it is no answer of the server. */
const ownLack = /NO_PROTOCOLS_AVAILABLE|NO_CIPHERS_AVAILABLE|UNSUPPORTED_PROTOCOL_ON_CLIENT/;

/** @throws Error when there is no connection, or when this machine can't offer the version */
export function shakeHands(options: HandshakeOptions): Promise<Handshake> {
  const { port, serverName, ca, client, version, timeoutMs, lastsMs = 0 } = options;
  const settings: ConnectionOptions = {
    host: '127.0.0.1',
    port,
    servername: serverName,
    // The handshake is to end whatever the certificate is, to say all that is wrong with it.
    rejectUnauthorized: false,
    ...(ca === undefined ? {} : { ca }),
    ...client,
    // OpenSSL offers the old versions only with its lowest level of security.
    ...(version === undefined ? {} : { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' }),
  };
  return new Promise((resolve, reject) => {
    let connected = false;
    const socket = connect(settings);
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      socket.destroy();
      act();
    };
    const refused = (reason: string): void =>
      settle(() => (connected ? resolve({ ok: false, reason }) : reject(new Error(reason))));
    const timer = setTimeout(() => refused(`nothing within ${timeoutMs / 1000} s`), timeoutMs);
    socket.on('connect', () => {
      connected = true;
    });
    socket.on('error', (error: Error & { code?: string }) => {
      if (ownLack.test(error.code ?? ''))
        settle(() => reject(new Error(`${version} can't be spoken here: ${error.code}`)));
      else refused(reasonOf(error));
    });
    socket.on('end', () => refused('the server closed the connection'));
    socket.on('secureConnect', () => {
      const handshake: Handshake = {
        ok: true,
        version: socket.getProtocol() ?? 'unknown',
        certificate: socket.getPeerCertificate(true),
        ...(socket.authorized ? {} : { distrust: String(socket.authorizationError) }),
      };
      if (lastsMs === 0) return settle(() => resolve(handshake));
      // Reads what the server has to say, so that its refusal is heard.
      socket.resume();
      setTimeout(() => settle(() => resolve(handshake)), lastsMs);
    });
  });
}

function reasonOf(error: Error & { code?: string; reason?: string }): string {
  return error.reason ?? error.code ?? error.message;
}
