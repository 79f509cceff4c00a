/** Node's own HTTP clients, loaded when they are needed, with connections that stay open between requests. */
import type { Agent } from 'node:http';

export interface HttpConnections {
  /** The module that speaks `http:` or `https:`. */
  moduleFor(protocol: string): HttpModule;
  /** Its connections: idle ones don't keep the process alive. */
  agentFor(protocol: string): Agent;
}

type HttpModule = Pick<typeof import('node:http'), 'request' | 'Agent'>;

/** Honours HTTPS_PROXY and NO_PROXY, from Node 24.5 on. Plain HTTP stays on this machine, so no proxy is in its way. */
export function createConnections(): HttpConnections {
  const agents = new Map<string, Agent>();

  // `import 'node:http'` reads every export of the module, among them lazy ones that load all of undici: 25 ms.
  const moduleFor = (protocol: string): HttpModule =>
    protocol === 'https:' ? process.getBuiltinModule('node:https') : process.getBuiltinModule('node:http');

  return {
    moduleFor,
    agentFor(protocol) {
      const known = agents.get(protocol);
      if (known !== undefined) return known;
      const proxy = protocol === 'https:' ? { proxyEnv: process.env } : {};
      const agent = new (moduleFor(protocol).Agent)({ keepAlive: true, ...proxy });
      agents.set(protocol, agent);
      return agent;
    },
  };
}
