import { argumentsOf } from '../../arguments.ts';
import { pairsOf } from '../../scope.ts';
import type { Rule } from '../rule.ts';
import { at } from './findings.ts';

export const rule: Rule = {
  id: 'DL3064',
  severity: 'warning',
  sameAs: 'SecretsUsedInArgOrEnv',
  summary: 'Everybody who has the image can read its variables and build arguments',
  bad: 'FROM debian:bookworm-slim\nENV CLIENT_SECRET=x',
  good: 'FROM debian:bookworm-slim\nRUN --mount=type=secret,id=client true',
  check({ dockerfile: { instructions } }) {
    return instructions.flatMap((outer) => {
      const instruction = outer.trigger ?? outer;
      const names =
        instruction.keyword === 'ENV'
          ? pairsOf(instruction).map(([name]) => name)
          : instruction.keyword === 'ARG'
            ? argumentsOf(instruction).map(({ name }) => name)
            : [];
      const name = names.find((candidate) => suspicious.test(candidate) || known.test(candidate));
      return name === undefined
        ? []
        : [at(outer, `${name} may be a secret`, 'hand it over with RUN --mount=type=secret')];
    });
  },
};

const suspicious = /api_key|client_key|password|private|secret|token|username/i;
/** Names that services give their users. */
const known =
  /^(?:APPLICATION_KEY|AWS_ACCESS_KEY_ID|CI_DEPLOY_USER|DOCKER_EMAIL|FACEBOOK_APP_ID|HEROKU_API_USER|OKTA_AUTHN_GROUPID|OKTA_CLIENT_ORGURL|OKTA_OAUTH2_CLIENTID|STRIPE_DEVICE_NAME|TRAVIS_(?:OS_NAME|SECURE_ENV_VARS|SUDO))$/i;
