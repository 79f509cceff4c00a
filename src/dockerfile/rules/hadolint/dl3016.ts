import { plainArgs } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { callsThat } from './findings.ts';

export const rule: Rule = {
  id: 'DL3016',
  severity: 'off',
  summary: 'With a version, a package of npm does not change; the rule no-exact-versions asks for the opposite',
  bad: 'FROM debian:bookworm-slim\nRUN npm install express',
  good: 'FROM debian:bookworm-slim\nRUN npm install express@5',
  check(context) {
    return callsThat(
      context,
      (program) => {
        const [first, ...packages] = plainArgs(program, ['registry', 'loglevel']);
        return (
          program.name === 'npm' &&
          first === 'install' &&
          packages.some((name) => name !== 'install' && !hasVersion(name))
        );
      },
      'npm installs a package without version',
    );
  },
};

function hasVersion(name: string): boolean {
  if (/^git(?:\+(?:ssh|https?))?:\/\//.test(name)) return name.includes('#');
  if (/\.(?:tar|tar\.gz|tgz)$|^(?:\/|\.{1,2}\/|~\/)/.test(name)) return true;
  return name.slice(1).includes('@');
}
