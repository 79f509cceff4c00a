import type { Checker } from './descriptions.ts';
import { actionsHandlers } from './rest-actions.ts';
import { type Answer, type Call, failure, type Handler, Refusal } from './rest-answers.ts';
import { gitHandlers } from './rest-git.ts';
import { packageHandlers } from './rest-packages.ts';
import { repositoryHandlers } from './rest-repository.ts';
import { storageHandlers } from './rest-storage.ts';
import type { World } from './world.ts';

const handlers: Record<string, Handler> = {
  ...repositoryHandlers,
  ...actionsHandlers,
  ...gitHandlers,
  ...packageHandlers,
  ...storageHandlers,
};

/** The version of the REST API that the published description is about. */
const apiVersion = '2022-11-28';

/**
 * Answers one REST request. The request and what comes back are compared with GitHub's published description; a request
 * that breaks it gets 422, and both kinds of breach are recorded.
 */
export async function answerRest(world: World, checker: Checker, name: string, call: Call): Promise<Answer> {
  const version = call.headers['x-github-api-version'];
  if (version !== undefined && version !== apiVersion) {
    return failure(400, `"${version}" is not a valid version of the REST API; this one has ${apiVersion}`);
  }
  // GitHub's own sentences about a wrong request name more than the description's limits, so the handler comes first.
  const problems = checker.requestProblems(name, call);
  world.violations.push(...problems.map((problem) => `${name}: ${problem}`));
  let answer: Answer;
  try {
    const handler = handlers[name];
    if (handler === undefined) throw new Error(`${name} is described, but nothing answers it`);
    answer = await handler(world, { ...call, problems });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    answer = error.answer;
  }
  if (answer.raw !== true) {
    const wrong = checker.answerProblems(name, answer.status, answer.body);
    world.violations.push(...wrong.map((problem) => `${name} → ${answer.status}: ${problem}`));
  }
  return answer;
}
