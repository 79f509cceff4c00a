/** What a check is done to, where it looks at little of it. */
import type { Subject } from '../../src/checks/check.ts';
import type { Engine } from '../../src/engine/index.ts';
import type { Processes } from '../../src/processes.ts';

/** @param ports of this machine, by port of the container: `80/tcp` */
export function subjectOn(processes: Processes, ports: Readonly<Record<string, number>> = {}): Subject {
  const engine: Engine = { kind: 'docker', version: '28', store: 'containerd', local: true, processes, env: {} };
  const container = { host: engine, id: 'c', image: '', running: true, exitCode: 0, error: '', pid: 1, ports };
  return {
    engine,
    image: { reference: 'local/web:1', id: 'sha256:1', healthcheck: false, exposed: [] },
    container,
    timeoutMs: 1000,
    signal: new AbortController().signal,
    names: [],
    cleanup: () => {},
    start: async () => container,
    previous: async () => undefined,
  };
}
