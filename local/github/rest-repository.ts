import { loginOf } from './identity.ts';
import { fullRepository, installation, repositoryOfWebhook, sender } from './representations.ts';
import { type Handler, objectBody, readable, refuse, refuseProblems, writable } from './rest-answers.ts';
import { defaultBranchHead } from './world.ts';

/** GitHub takes less than 64 KB of `client_payload`. */
const mostPayloadBytes = 64 * 1024;

const getRepository: Handler = async (world, call) => {
  refuseProblems(call);
  return { status: 200, body: fullRepository(world, readable(world, call)) };
};

const repositoryDispatch: Handler = async (world, call) => {
  const repository = writable(world, call);
  refuseProblems(call);
  const { event_type: eventType, client_payload: clientPayload = {} } = objectBody(call);
  if (Buffer.byteLength(JSON.stringify(clientPayload)) >= mostPayloadBytes) {
    world.violations.push('POST /repos/{owner}/{repo}/dispatches: body/client_payload: must be smaller than 64 KB');
    refuse(422, 'client_payload is too large.');
  }
  const sha = await defaultBranchHead(repository);
  // Nothing can run in an empty repository, and GitHub does not say so.
  if (sha === undefined) return { status: 204 };
  const login = loginOf(call.identity);
  world.emit({
    name: 'repository_dispatch',
    repository: repository.fullName,
    ref: `refs/heads/${repository.defaultBranch}`,
    sha,
    payload: {
      action: eventType,
      branch: repository.defaultBranch,
      client_payload: clientPayload,
      repository: repositoryOfWebhook(world, repository),
      ...sender(world, repository, login),
      installation: installation(),
    },
  });
  return { status: 204 };
};

const rateLimit: Handler = async (_world, call) => {
  refuseProblems(call);
  const rate = { limit: 5000, remaining: 4999, used: 1, reset: Math.floor(Date.now() / 1000) + 3600 };
  return { status: 200, body: { resources: { core: rate, graphql: rate, search: { ...rate, limit: 30 } }, rate } };
};

export const repositoryHandlers: Record<string, Handler> = {
  'GET /repos/{owner}/{repo}': getRepository,
  'POST /repos/{owner}/{repo}/dispatches': repositoryDispatch,
  'GET /rate_limit': rateLimit,
};
