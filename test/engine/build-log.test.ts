import { describe, expect, it } from '@jest/globals';
import { failedInstruction, failureMessage, failureReport, linesByTarget } from '../../src/engine/build-log.ts';

/** What buildx 0.13 prints, shortened. */
const failed = `#0 building with "default" instance using docker driver

#2 [a internal] load build definition from a.Dockerfile
#2 DONE 0.0s

#10 [a 1/2] RUN echo building a
#10 0.196 building a
#10 DONE 1.4s

#13 [b x 2/3] RUN exit 3
#13 0.191 failing
#13 ERROR: process "/bin/sh -c exit 3" did not complete successfully: exit code: 3

#14 [c 1/2] RUN sleep 2
#14 CANCELED
------
 > [b x 2/3] RUN exit 3:
0.191 failing
------
b.Dockerfile:3
--------------------
   3 | >>> RUN exit 3
--------------------
ERROR: target b: failed to solve: process "/bin/sh -c exit 3" did not complete successfully: exit code: 3`.split('\n');

function texts(lines: readonly string[], ids: readonly string[]): Record<string, (string | undefined)[]> {
  return Object.fromEntries([...linesByTarget(lines, ids)].map(([id, own]) => [id, own.map((index) => lines[index])]));
}

describe('a build log', () => {
  it('gives each target its own lines', () => {
    const { a, b, c } = texts(failed, ['a', 'b', 'c']);
    expect(a).toHaveLength(5);
    expect(b).toEqual(failed.slice(9, 12));
    expect(c).toEqual(['#14 [c 1/2] RUN sleep 2', '#14 CANCELED']);
  });

  it('belongs to the only target as a whole, whatever its stages are called', () => {
    expect(texts(['#1 [web 1/2] RUN a', '#1 DONE', ''], ['only'])).toEqual({ only: ['#1 [web 1/2] RUN a', '#1 DONE'] });
  });

  it('tells which line of which Dockerfile failed', () => {
    const names = new Map([
      ['a', 'a.Dockerfile'],
      ['b', 'b.Dockerfile'],
    ]);
    expect(failedInstruction(failed, names)).toEqual({ id: 'b', line: 3 });
    expect(failedInstruction(failed.slice(0, 16), names)).toBeUndefined();
  });

  it('does not take output of a step for an excerpt of the Dockerfile', () => {
    const lines = ['#1 0.1 b.Dockerfile:3', 'b.Dockerfile:9', 'and so on'];
    expect(failedInstruction(lines, new Map([['b', 'b.Dockerfile']]))).toBeUndefined();
  });

  it('ends with the report and the message', () => {
    expect(failureReport(failed)[0]).toBe('------');
    expect(failureMessage(failed)).toBe('process "/bin/sh -c exit 3" did not complete successfully: exit code: 3');
  });
});
