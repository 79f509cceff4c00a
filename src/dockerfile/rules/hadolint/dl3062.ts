import { calls, type Program, plainArgs } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { callsThat } from './findings.ts';

export const rule: Rule = {
  id: 'DL3062',
  severity: 'off',
  summary: 'With a version, a program of go install does not change; the rule no-exact-versions asks for the opposite',
  bad: 'FROM debian:bookworm-slim\nRUN go install example.org/tool',
  good: 'FROM debian:bookworm-slim\nRUN go install example.org/tool@v1.2.3',
  check(context) {
    return callsThat(
      context,
      (program) => packagesOf(program).some((path) => !hasVersion(path)),
      'go installs a program without version',
    );
  },
};

function packagesOf(program: Program): readonly string[] {
  if (!calls(program, 'go', ['install', 'get', 'run'])) return [];
  const paths = plainArgs(program).filter((arg) => !/^(?:install|get|run)$/.test(arg));
  // What stands behind the program to run are its own arguments.
  return program.args.includes('run') ? paths.slice(0, 1) : paths;
}

function hasVersion(path: string): boolean {
  return /^[./]/.test(path) || (path.includes('@') && !path.endsWith('@latest'));
}
