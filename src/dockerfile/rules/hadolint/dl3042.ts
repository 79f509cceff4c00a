import { pairsOf } from '../../scope.ts';
import { isPipInstall, keepsOut, type Program, type Script, scriptsOf } from '../../scripts.ts';
import type { Stage } from '../../types.ts';
import type { Rule } from '../rule.ts';
import { at } from './findings.ts';
import { unquoted, writtenParent } from './stages.ts';

export const rule: Rule = {
  id: 'DL3042',
  severity: 'warning',
  summary: 'What pip keeps for the next time is part of the image for ever',
  bad: 'FROM debian:bookworm-slim\nRUN pip install "flask>=3"',
  good: 'FROM debian:bookworm-slim\nRUN pip install --no-cache-dir "flask>=3"',
  check({ dockerfile }) {
    const without = new Set<Stage>();
    return dockerfile.stages.flatMap((stage) => {
      const parent = writtenParent(dockerfile, stage);
      if (parent !== undefined && without.has(parent)) without.add(stage);
      return stage.instructions.flatMap((outer) => {
        if (outer.keyword === 'ENV' && pairsOf(outer).some(turnsOff)) without.add(stage);
        const script = scriptsOf(dockerfile).find((candidate) => candidate.outer === outer);
        if (script === undefined || (without.has(stage) && script.run === outer)) return [];
        return keepsCache(script) ? [at(outer, 'pip leaves its cache behind', 'add --no-cache-dir')] : [];
      });
    });
  },
};

const truthy = /^(?:1|true|True|TRUE|on|On|ON|yes|Yes|YES)/;

function turnsOff([name, value]: readonly [string, string]): boolean {
  return unquoted(name) === 'PIP_NO_CACHE_DIR' && new RegExp(`${truthy.source}$`).test(unquoted(value));
}

function keepsCache({ run, text, programs }: Script): boolean {
  if (truthy.test(/PIP_NO_CACHE_DIR=["']?(.*)/s.exec(text)?.[1] ?? '')) return false;
  if (keepsOut(run, /\.cache\/pip/)) return false;
  return programs.some(
    (program) => isPipInstall(program) && !program.args.includes('--no-cache-dir') && !isWrapper(program),
  );
}

/** These have environments of their own. */
function isWrapper({ name, args }: Program): boolean {
  return (
    /pipx|pipenv/.test(name) || (name.startsWith('python') && /(?:^| )-m (?:pipx|pipenv)(?: |$)/.test(args.join(' ')))
  );
}
