import { repositoryOf, tryReference } from '../../../images/reference.ts';
import { resolveReferences } from '../../upstreams.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'fleet-namespace',
  severity: 'error',
  summary: 'An image of the fleet that is taken from elsewhere is not rebuilt when it changes, nor taken from a branch',
  bad: 'FROM quay.io/acme/base:latest\nRUN true',
  good: 'FROM ghcr.io/acme/base:latest\nRUN true',
  example: { note: '`images.yaml` says `registry: ghcr.io`, `namespace: acme`, `copies: [quay.io/acme]`.' },
  check({ dockerfile, image: { buildArgs, target, platforms }, fleet, templateLine }) {
    return resolveReferences(dockerfile, buildArgs, target, { platforms }).references.flatMap(
      ({ reference: written, line, column }) => {
        const reference = tryReference(written);
        const repository = reference === undefined ? '' : repositoryOf(reference);
        const copy = fleet.copies.find((namespace) => repository.startsWith(`${namespace}/`));
        if (copy !== undefined) {
          const name = repository.slice(copy.length + 1);
          const message = `'${written}' is a copy of an image of the fleet`;
          return [{ line, column, message, hint: `write {{ image_spec('${name}') }}: ${fleet.namespace}/${name}` }];
        }
        if (!repository.startsWith(`${fleet.namespace}/`)) return [];
        const source = templateLine(line);
        if (source === undefined || !source.includes(`${fleet.namespace}/`)) return [];
        const name = repository.slice(fleet.namespace.length + 1);
        const message = `the template writes out '${fleet.namespace}'`;
        return [{ line, column, message, hint: `write {{ image_spec('${name}') }}, or {{ namespace }}` }];
      },
    );
  },
};
