/** hadolint's verdicts: one run for all cases without a configuration, one for each of the others. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Case } from './case.ts';

export interface HadolintFinding {
  readonly code: string;
  readonly line: number;
  readonly level: 'error' | 'warning' | 'info' | 'style' | 'ignore';
  readonly message: string;
}

export function askHadolint(program: string, all: readonly Case[]): readonly (readonly HadolintFinding[])[] {
  const folder = mkdtempSync(join(tmpdir(), 'lint-oracle-'));
  try {
    const names = all.map((_, index) => `${index}.Dockerfile`);
    for (const [index, { dockerfile }] of all.entries()) writeFileSync(join(folder, names[index] ?? ''), dockerfile);
    const found = new Map<string, HadolintFinding[]>(names.map((name) => [name, []]));
    const add = (config: string, files: readonly string[]): void => {
      writeFileSync(join(folder, 'config.yaml'), config);
      const args = ['--format', 'json', '--no-fail', '--config', 'config.yaml', ...files];
      const { status, stdout, stderr } = spawnSync(program, args, {
        cwd: folder,
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
      if (status !== 0) throw new Error(`hadolint ended with ${status}: ${stderr}`);
      const findings: (HadolintFinding & { file: string })[] = JSON.parse(stdout);
      for (const finding of findings) found.get(finding.file)?.push(finding);
    };
    add(
      'ignored: []\n',
      names.filter((_, index) => all[index]?.hadolint === undefined),
    );
    for (const [index, { hadolint }] of all.entries()) if (hadolint !== undefined) add(hadolint, [names[index] ?? '']);
    return names.map((name) => found.get(name) ?? []);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
