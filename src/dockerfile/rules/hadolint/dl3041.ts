import { calls, plainArgs } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { callsThat } from './findings.ts';
import { hasRpmVersion } from './rpm.ts';

export const rule: Rule = {
  id: 'DL3041',
  severity: 'off',
  summary: 'With a version, a package of dnf does not change; the rule no-exact-versions asks for the opposite',
  bad: 'FROM registry.example.org/almalinux:9\nRUN dnf install -y curl',
  good: 'FROM registry.example.org/almalinux:9\nRUN dnf install -y curl-8.6.0',
  check(context) {
    return callsThat(
      context,
      (program) => {
        if (!calls(program, dnf, ['install'])) return false;
        const names = plainArgs(program).filter((arg) => arg !== 'install' && arg !== 'module');
        if (calls(program, dnf, ['module'])) return names.some((name) => !name.includes(':'));
        return !calls(program, dnf, ['group']) && names.some((name) => !hasRpmVersion(name));
      },
      'dnf installs a package without version',
    );
  },
};

const dnf = ['dnf', 'microdnf'];
