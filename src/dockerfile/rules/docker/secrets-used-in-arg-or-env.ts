import { evaluate } from '../../evaluation.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'SecretsUsedInArgOrEnv',
  severity: 'warning',
  summary: 'Everybody who has the image can read its variables and build arguments',
  bad: 'FROM debian:bookworm-slim\nARG API_TOKEN\nRUN ./fetch',
  good: 'FROM debian:bookworm-slim\nRUN --mount=type=secret,id=api-token ./fetch',
  check(context) {
    return evaluate(context).steps.flatMap(({ instruction, place, names, triggered }) =>
      instruction.keyword === 'LABEL'
        ? []
        : names
            .filter((name) => secret.test(name) && !allowed.test(name))
            .map((name) => ({
              ...place,
              ...(triggered ? {} : { subject: instruction }),
              message: `${instruction.keyword} ${name} keeps what may be a secret in the image`,
              hint: 'hand it over with RUN --mount=type=secret',
            })),
    );
  },
};

/** Whole words between underscores. */
const secret = /(?:_|^)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token)(?:_|$)/i;
const allowed = /(?:_|^)(?:public|file|version)(?:_|$)/i;
