import { hasFlag, isPipInstall, type Program, plainArgs } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { callsThat } from './findings.ts';

export const rule: Rule = {
  id: 'DL3013',
  severity: 'off',
  summary: 'With a version, a package of pip does not change; the rule no-exact-versions asks for the opposite',
  bad: 'FROM debian:bookworm-slim\nRUN pip install flask',
  good: 'FROM debian:bookworm-slim\nRUN pip install "flask>=3"',
  check(context) {
    return callsThat(context, forgetsVersion, 'pip installs a package without version');
  },
};

const valued = [
  'abi',
  'b',
  'cache-dir',
  'build',
  'e',
  'editable',
  'extra-index-url',
  'f',
  'find-links',
  'i',
  'index-url',
  'implementation',
  'no-binary',
  'only-binary',
  'platform',
  'prefix',
  'progress-bar',
  'proxy',
  'python-version',
  'root',
  'src',
  't',
  'target',
  'trusted-host',
  'upgrade-strategy',
];
const versionControl = /^(?:git|hg|svn|bzr)(?:\+[a-z-]+)?/;

function forgetsVersion(program: Program): boolean {
  if (!isPipInstall(program) || hasFlag(program, 'constraint', 'c')) return false;
  if (program.args.some((arg) => arg === '-r' || arg === '--requirement' || arg === '.')) return false;
  const packages = plainArgs(program, valued);
  return packages.slice(packages.indexOf('install')).some((name) => name !== 'install' && !hasVersion(name));
}

function hasVersion(name: string): boolean {
  if (/==|[<>]|!=|~=|\.whl$|\.tar\.gz$/.test(name)) return true;
  return versionControl.test(name) ? name.includes('@') : name.includes('/');
}
