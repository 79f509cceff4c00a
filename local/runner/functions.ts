import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { data } from '@actions/expressions';
import type { FunctionDefinition } from '@actions/expressions/funcs/info';

export type Status = 'success' | 'failure' | 'cancelled';

/** `success()`, `failure()`, `cancelled()` and `always()`, for states that are looked up when they are called. */
export function statusFunctions(states: Record<Status, () => boolean>): FunctionDefinition[] {
  const all: Record<string, () => boolean> = { ...states, always: () => true };
  return Object.entries(all).map(([name, holds]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(holds()),
  }));
}

/** `hashFiles(pattern, …)`: SHA-256 over the SHA-256 of each file in the workspace that matches; empty for none. */
export function hashFilesFunction(workspace: string): FunctionDefinition {
  return {
    name: 'hashFiles',
    minArgs: 1,
    maxArgs: 255,
    call: (...patterns) => {
      const files = new Set<string>();
      for (const pattern of patterns.map((item) => item.coerceString())) {
        const matches = globSync(pattern.replace(/^!/, ''), { cwd: workspace });
        for (const file of matches) pattern.startsWith('!') ? files.delete(file) : files.add(file);
      }
      const hash = createHash('sha256');
      let any = false;
      for (const file of [...files].sort()) {
        const path = join(workspace, file);
        if (!statSync(path).isFile()) continue;
        any = true;
        hash.update(createHash('sha256').update(readFileSync(path)).digest());
      }
      return new data.StringData(any ? hash.digest('hex') : '');
    },
  };
}
