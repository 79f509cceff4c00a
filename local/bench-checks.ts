/**
 * `npm run bench:checks`: what the integration phase costs: 200 checks on one running container, and starting and
 * removing a container that is not checked, beside `docker run` and `docker rm` of the same image. Medians of
 * alternating runs.
 *
 * Prints figures and says which goals they miss; it judges nothing, since machines are noisy.
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckResult } from '../src/images/records.ts';
import { setUp } from './checks/set-up.ts';
import { median } from './median.ts';
import { main } from './processes/index.ts';

const rounds = Number(process.env.ROUNDS ?? 5);

/** Each line ten times, with commands in the container as one part of five. */
const kinds = [
  '- port: 8080',
  '- port: 5353/udp',
  '- { port: { port: 81, listening: false } }',
  '- http: { port: 8080, path: /index.html, body: it-works }',
  "- http: { port: 8080, path: /items.json, json: { 'items[0].name': Kettle } }",
  '- http: { port: 8080, path: /nowhere, status: 404 }',
  '- command: [test, -e, /srv/link]',
  '- command: { run: echo hello, stdout: hello }',
  '- command: [busybox, id]',
  '- command: { run: exit 3, status: 3 }',
  "- file: { path: /srv/index.html, mode: '0640', user: root, contains: works }",
  '- file: { path: /srv, type: directory }',
  '- file: { path: /nowhere, exists: false }',
  '- process: busybox',
  '- user: www-data',
  '- package: bash',
  '- package: { name: nginx, installed: false }',
  '- env: { PATH: { contains: /usr/bin } }',
  '- label: { org.opencontainers.image.title: service }',
  '- metadata: { exposed-ports: [8080] }',
];

await main(async () => {
  const log = (line: string): void => console.log(line);
  const { engine, folder, built, test } = await setUp(log);
  const write = async (name: string, text: string): Promise<void> => {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'tests.yaml'), text);
  };
  const many = Array.from({ length: 10 }, () => kinds).flat();
  await write('many', `up: { port: 8080, log: begun }\nchecks:\n${many.map((line) => `  ${line}`).join('\n')}\n`);
  await write('none', 'start: { command: [sleep, infinity] }\n');
  const reference = built.record.images.find(({ name }) => name === 'service')?.image?.reference ?? '';

  const docker = async (...args: string[]): Promise<void> => {
    const { status, stderr } = await engine.processes.run(engine.kind, args, { env: engine.env });
    if (status !== 0) throw new Error(stderr);
  };
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const begun = performance.now();
    await work();
    return performance.now() - begun;
  };
  const [checks, phase, plain]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round += 1) {
    let results: readonly CheckResult[] = [];
    const whole = await timed(async () => {
      const { record } = await test('service', 'many');
      results = record.images.find(({ name }) => name === 'service')?.checks ?? [];
    });
    const [up, ...rest] = results;
    const wrong = results.filter(({ status }) => status !== 'passed');
    if (up === undefined || rest.length !== 200 || wrong.length > 0)
      throw new Error(`not all passed: ${JSON.stringify(wrong.slice(0, 3))}`);
    // Without the start; with the removal, which takes as long as that of the others.
    checks.push(whole - up.durationMs);
    phase.push(await timed(() => test('service', 'none')));
    plain.push(
      await timed(async () => {
        await docker(
          'run',
          '--detach',
          '--name',
          'image-cascade-bench',
          '--pull',
          'never',
          reference,
          'sleep',
          'infinity',
        );
        await docker('rm', '--force', '--volumes', 'image-cascade-bench');
      }),
    );
  }
  const [all, own, other] = [median(checks), median(phase), median(plain)];
  log(`200 checks on one running container: ${seconds(all)} (goal: under 5 s)${all < 5_000 ? '' : ', missed'}`);
  const more = own - other;
  log(
    `starting and removing without checks: ${seconds(own)}, ${(own / other).toFixed(2)} times docker run and docker rm (${seconds(other)}): ${seconds(more)} more (goal: under 1 s)${more < 1_000 ? '' : ', missed'}`,
  );
});

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
