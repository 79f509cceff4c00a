import type { Rule } from '../rule.ts';
import { at } from './findings.ts';
import { writtenBase, writtenName } from './stages.ts';

export const rule: Rule = {
  id: 'DL3026',
  severity: 'error',
  summary: 'What an image stands on decides what is in it; trustedRegistries says whom to believe',
  bad: 'FROM registry.example.net/debian:12\nRUN true',
  good: 'FROM registry.example.org/debian:12\nRUN true',
  example: {
    note: '`trustedRegistries` is `["*.example.org"]`.',
    options: { trustedRegistries: ['*.example.org'], allowedBases: ['registry.example.org/debian'] },
  },
  check({ dockerfile, options: { trustedRegistries } }) {
    if (trustedRegistries.length === 0) return [];
    return dockerfile.stages
      .filter((stage) => {
        const { registry, name } = writtenBase(stage);
        if (dockerfile.stages.slice(0, stage.index).some((other) => writtenName(other) === name)) return false;
        if (registry !== undefined) return !isTrusted(trustedRegistries, registry);
        return name !== 'scratch' && !['docker.io', 'hub.docker.com'].some((hub) => isTrusted(trustedRegistries, hub));
      })
      .map(({ from, base }) => at(from, `'${base.text}' is not from a trusted registry`));
  },
};

function isTrusted(trusted: readonly string[], registry: string): boolean {
  return trusted.some((pattern) => {
    if (pattern === '*') return true;
    if (pattern.startsWith('*')) return registry.endsWith(pattern.slice(1));
    return pattern.endsWith('*') ? registry.startsWith(pattern.slice(0, -1)) : registry === pattern;
  });
}
