import type { ServerResponse } from 'node:http';

/** What goes wrong, the next `times` times that a request matches. */
export interface Fault {
  method?: string;
  /** Tested against path and query. */
  path?: RegExp;
  /** Default 1. */
  times?: number;
  does:
    | { status: number; headers?: Record<string, string>; body?: string }
    /** The connection ends without an answer. */
    | { reset: true }
    /** There is never an answer. */
    | { silence: true }
    /** The connection ends after so many bytes of the answer's body. */
    | { cutAfter: number }
    /** The first byte of the body is another one. */
    | { corrupt: true };
}

export interface Faults {
  add(fault: Fault): void;
  /** Forgets those that have not happened yet. */
  clear(): void;
}

/** Answers that can go wrong. */
export interface FaultyAnswer {
  end(status: number, headers: Record<string, string>, body: Uint8Array): void;
}

export function createFaults(): Faults & { take(method: string, path: string): Fault | undefined } {
  let faults: { fault: Fault; left: number }[] = [];
  return {
    add: (fault) => faults.push({ fault, left: fault.times ?? 1 }),
    clear: () => {
      faults = [];
    },
    take: (method, path) => {
      const found = faults.find(
        ({ fault, left }) => left > 0 && (fault.method ?? method) === method && (fault.path ?? /^/).test(path),
      );
      if (found === undefined) return undefined;
      found.left -= 1;
      return found.fault;
    },
  };
}

/** How a response ends, with the fault that it has. HEAD answers have no body, whatever their length says. */
export function finish(
  response: ServerResponse,
  fault: Fault['does'] | undefined,
  answer: { status: number; headers: Record<string, string>; body: Uint8Array },
): void {
  const { status, headers, body } = answer;
  response.writeHead(status, { 'content-length': String(body.length), ...headers });
  if (response.req.method === 'HEAD') {
    response.end();
  } else if (fault !== undefined && 'cutAfter' in fault) {
    response.write(body.subarray(0, fault.cutAfter), () => response.destroy());
  } else if (fault !== undefined && 'corrupt' in fault) {
    const changed = Buffer.from(body);
    changed[0] = (changed[0] ?? 0) ^ 1;
    response.end(changed);
  } else {
    response.end(body);
  }
}
