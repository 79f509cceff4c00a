/** The integration phase: which images of a run are tested, and how it went. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Engine, type InspectedImage, inspectImage, pullImage } from '../engine/index.ts';
import type { BuildRecord, RenderedImage, RenderRecord, TestedImage, TestRecord } from '../images/records.ts';
import { fail, formatProblem, type Problem, problemsOf } from '../problems.ts';
import { checkImage, type Images } from './check-image.ts';
import type { CheckEnvironment } from './containers.ts';
import { parallel } from './parallel.ts';
import { loadTestFile, type TestFile } from './test-file.ts';
import { testFolder } from './test-folder.ts';

/** What is done with one image: a verdict without a container, or a test of what was built or published before. */
export type TestDecision =
  | { readonly kind: 'verdict'; readonly status: TestedImage['status']; readonly reason: string }
  | { readonly kind: 'test'; readonly reference: string; readonly pull: boolean; readonly id?: string };

/** Pure. */
export function decideTest(image: RenderedImage, build: BuildRecord | undefined): TestDecision {
  const verdict = (status: TestedImage['status'], reason: string): TestDecision => ({
    kind: 'verdict',
    status,
    reason,
  });
  if (image.waiting) return verdict('skipped', image.build.reason);
  if (image.build.needed && image.tests !== undefined && build === undefined)
    return verdict('failed', "nothing has been built in this job; add a step that runs 'build' before this one");
  const built = build?.images.find(({ name }) => name === image.name);
  if (image.build.needed && built?.image === undefined)
    return verdict(
      'skipped',
      built === undefined ? 'it has not been built in this job' : `${built.status}: ${built.reason}`,
    );
  if (!image.test.needed) return verdict('passed', image.test.reason);
  if (image.tests === undefined) return verdict('passed', 'it has no tests');
  if (built?.image !== undefined) return { kind: 'test', ...built.image, pull: false };
  if (image.digest === undefined) return verdict('skipped', 'there is no image to test');
  return { kind: 'test', reference: `${image.repository}@${image.digest}`, pull: true };
}

export interface ImagesTested {
  readonly record: TestRecord;
  /** One for each check that failed, on its line of the test file. */
  readonly problems: readonly Problem[];
  /** Last lines of the containers' logs, by image, where something failed. */
  readonly logTails: ReadonlyMap<string, readonly string[]>;
}

export interface TestOptions extends Omit<CheckEnvironment, 'engine' | 'runId'> {
  /** Called only when there is something to test. */
  readonly findEngine: () => Promise<Engine>;
  /** The environment of the action. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of the repository, where the test files are. */
  readonly workspace: string;
  /** How many images are tested at once. */
  readonly concurrency: number;
}

/** Tests the images that need it; a failure of one leaves the others alone. */
export async function testImages(
  images: readonly RenderedImage[],
  { ref }: RenderRecord,
  build: BuildRecord | undefined,
  options: TestOptions,
): Promise<ImagesTested> {
  const problems: Problem[] = [];
  const logTails = new Map<string, readonly string[]>();
  const decisions = images.map((image) => ({ image, decision: decideTest(image, build) }));
  const testFiles = new Map<string, TestFile>();
  const unreadable = new Map<string, readonly Problem[]>();
  for (const { image, decision } of decisions) {
    if (decision.kind === 'verdict' && decision.status === 'failed')
      problems.push({ message: `${image.name}: ${decision.reason}` });
    if (decision.kind !== 'test' || image.tests === undefined) continue;
    try {
      testFiles.set(image.name, await readTestFile(options, image.tests, image.testFolder));
    } catch (error) {
      unreadable.set(image.name, problemsOf(error));
      problems.push(...problemsOf(error));
    }
  }
  const engine = testFiles.size > 0 ? await options.findEngine() : undefined;
  const tested = await parallel(decisions, options.concurrency, async ({ image, decision }): Promise<TestedImage> => {
    const { name } = image;
    if (decision.kind === 'verdict') return { name, status: decision.status, reason: decision.reason, checks: [] };
    const tests = testFiles.get(name);
    if (tests === undefined || engine === undefined)
      return { name, status: 'failed', reason: unreadableReason(unreadable.get(name)), checks: [] };
    try {
      const inspected = await provide(engine, name, decision, image.platforms);
      const { checks, logTail, id } = await checkImage(
        { ...options, engine, runId: ref.runId },
        name,
        inspected,
        tests,
        imagesFor(engine, image, images, build),
      );
      if (logTail.length > 0) logTails.set(name, logTail);
      problems.push(...failures(name, tests, checks, image.tests));
      const failed = checks.filter(({ status }) => status === 'failed').length;
      return {
        name,
        status: failed === 0 ? 'passed' : 'failed',
        reason: failed === 0 ? `${checks.length} checks passed` : `${failed} of ${checks.length} checks failed`,
        ...(id === undefined ? {} : { id }),
        checks,
      };
    } catch (error) {
      options.signal.throwIfAborted();
      const found = problemsOf(error);
      problems.push(...found.map((problem) => ({ ...problem, message: `testing ${name}: ${problem.message}` })));
      return { name, status: 'failed', reason: found.map(({ message }) => message).join('; '), checks: [] };
    }
  });
  return { record: { images: tested }, problems, logTails };
}

function unreadableReason([first, ...more]: readonly Problem[] = []): string {
  const told = first === undefined ? '' : `: ${formatProblem(first)}`;
  return `its test file has errors${told}${more.length === 0 ? '' : `, and ${more.length} more`}`;
}

async function readTestFile(
  { workspace, env }: TestOptions,
  file: string,
  folder: string | undefined,
): Promise<TestFile> {
  let text: string;
  try {
    text = await readFile(join(workspace, file), 'utf8');
  } catch (cause) {
    return fail('this test file is not there', {
      place: { file },
      hint: 'check out the repository before this step',
      cause,
    });
  }
  return await loadTestFile(text, file, testFolder(workspace, file, folder), env);
}

/** Services are made from other images of the job, or from what a registry has under their reference. */
function imagesFor(
  engine: Engine,
  image: RenderedImage,
  images: readonly RenderedImage[],
  build: BuildRecord | undefined,
): Images {
  let previous: Promise<InspectedImage | undefined> | undefined;
  return {
    names: [image.name, image.repository],
    async find(name) {
      const own = images.find((other) => other.name === name);
      if (own !== undefined) {
        const decision = decideTest({ ...own, test: { needed: true, reason: '' }, tests: name }, build);
        if (decision.kind === 'test') return await provide(engine, name, decision, own.platforms);
        return fail(`the image ${name} that a service is made from can't be started: ${decision.reason}`);
      }
      const held = await inspectImage(engine, name);
      return held ?? (await provide(engine, name, { kind: 'test', reference: name, pull: true }, image.platforms));
    },
    previous() {
      previous ??= pullPrevious(engine, image);
      return previous;
    },
  };
}

/** What the main tag points at now. */
async function pullPrevious(engine: Engine, { mainReference: reference, platforms }: RenderedImage) {
  try {
    return await provide(engine, reference, { kind: 'test', reference, pull: true }, platforms);
  } catch (error) {
    // The first build of an image has none before it.
    if (problemsOf(error).some(({ message }) => /not found|manifest unknown/i.test(message))) return undefined;
    throw error;
  }
}

async function provide(
  engine: Engine,
  name: string,
  { reference, pull, id }: Extract<TestDecision, { kind: 'test' }>,
  platforms: readonly string[],
): Promise<InspectedImage> {
  if (pull) await pullImage(engine, reference, platforms.length === 1 ? platforms[0] : undefined);
  const found = await inspectImage(engine, reference);
  if (found === undefined)
    return fail(`the engine does not have ${reference} any more`, { hint: 'build and test in the same job' });
  if (id !== undefined && found.id !== id)
    return fail(`${reference} is ${found.id}, not the image ${id} that was built`, {
      hint: `look for something else that builds ${name} on the same engine`,
    });
  return found;
}

function failures(
  name: string,
  tests: TestFile,
  checks: readonly { title: string; status: string; message?: string }[],
  file: string | undefined,
): Problem[] {
  // `is up` comes before the checks of the file, where the image was started at all.
  const offset = checks.length - tests.checks.length;
  return checks.flatMap(({ title, status, message = '' }, index): Problem[] => {
    if (status !== 'failed') return [];
    const place = tests.checks[index - offset]?.place ?? (file === undefined ? undefined : { file, line: 1 });
    return [{ message: `${name}: ${title}: ${message}`, ...(place === undefined ? {} : { place }) }];
  });
}
