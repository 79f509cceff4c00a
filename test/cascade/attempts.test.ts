import { describe, expect, it } from '@jest/globals';
import { attemptsOf, secondsOfBuild } from '../../src/cascade/attempts.ts';
import type { WorkflowRun } from '../../src/github/index.ts';

const minute = 60_000;

/** Runs of a minute each, one an hour, from the oldest on: `ok`, `failure`, `running`, … */
function runsOf(...conclusions: string[]): WorkflowRun[] {
  return conclusions.map((conclusion, at) => ({
    id: String(at),
    event: 'schedule',
    revision: 'a',
    running: conclusion === 'running',
    ...(conclusion === 'running' ? {} : { conclusion: conclusion === 'ok' ? 'success' : conclusion }),
    startedAt: at * 60 * minute,
    endedAt: at * 60 * minute + minute,
  }));
}

describe('attemptsOf', () => {
  it('counts the failures since the last success', () => {
    expect(attemptsOf(runsOf('failure', 'ok', 'failure', 'timed_out'), 'own')).toEqual({
      failures: 2,
      firstFailure: 121 * minute,
      lastFailure: 181 * minute,
      revision: 'a',
      running: false,
    });
  });

  it('counts none where the last run succeeded, or nothing ever ran', () => {
    expect(attemptsOf(runsOf('failure', 'ok'), 'own')).toMatchObject({ failures: 0, running: false });
    expect(attemptsOf([], 'own')).toMatchObject({ failures: 0 });
  });

  it('learns nothing from a run that was cancelled or skipped', () => {
    expect(attemptsOf(runsOf('failure', 'cancelled', 'skipped'), 'own')).toMatchObject({ failures: 1 });
  });

  it('sees what is running, itself apart', () => {
    expect(attemptsOf(runsOf('failure', 'running'), 'own')).toMatchObject({ failures: 1, running: true });
    expect(attemptsOf(runsOf('failure', 'running'), '1')).toMatchObject({ failures: 1, running: false });
  });

  it('does not hold the failures of an earlier commit against the present one', () => {
    const [first, second, third] = runsOf('failure', 'failure', 'failure');
    const runs = [first, second, third].flatMap((run, at) =>
      run === undefined ? [] : [{ ...run, revision: at < 2 ? 'old' : 'new' }],
    );
    expect(attemptsOf(runs, 'own')).toMatchObject({ failures: 1, revision: 'new', firstFailure: minute });
  });
});

describe('secondsOfBuild', () => {
  const took = (...seconds: number[]): WorkflowRun[] =>
    runsOf(...seconds.map(() => 'ok')).map((run, at) => ({
      ...run,
      endedAt: run.startedAt + (seconds[at] ?? 0) * 1000,
    }));

  it('is the median of the runs in which something was built', () => {
    expect(secondsOfBuild(took(5, 300, 6, 280, 260, 5, 7))).toBe(280);
  });

  it('is unknown where none succeeded', () => {
    expect(secondsOfBuild(runsOf('failure', 'running'))).toBeUndefined();
  });
});
