import { calls, plainArgs } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { callsThat } from './findings.ts';
import { hasRpmVersion } from './rpm.ts';

export const rule: Rule = {
  id: 'DL3033',
  severity: 'off',
  summary: 'With a version, a package of yum does not change; the rule no-exact-versions asks for the opposite',
  bad: 'FROM registry.example.org/almalinux:9\nRUN yum install -y curl',
  good: 'FROM registry.example.org/almalinux:9\nRUN yum install -y curl-8.6.0',
  check(context) {
    return callsThat(
      context,
      (program) => {
        const packages = plainArgs(program).filter((arg) => arg !== 'install' && arg !== 'module');
        const isModule = calls(program, 'yum', ['module']);
        const hasVersion = (name: string): boolean => (isModule ? name.includes(':') : hasRpmVersion(name));
        return calls(program, 'yum', ['install']) && !packages.every(hasVersion);
      },
      'yum installs a package without version',
    );
  },
};
