/** The spec phase of all images of a job: settings from inputs and files, then each image. */
import type { RenderedImage, RenderRecord, TestRecord } from '../images/records.ts';
import { runSpec, type SpecProblem } from './spec.ts';
import { readSpecSettings, type SpecInputs } from './spec-options.ts';

export interface SpecRun {
  readonly record: TestRecord;
  readonly problems: readonly SpecProblem[];
  /** Those of the problems that fail their image. */
  readonly failing: readonly SpecProblem[];
}

/**
 * @param workspace folder of the repository
 * @throws ProblemsError with every problem of inputs and files of settings
 */
export function runSpecs(
  images: readonly RenderedImage[],
  render: Pick<RenderRecord, 'registry' | 'namespace' | 'copies' | 'images'>,
  workspace: string,
  inputs: SpecInputs,
): SpecRun {
  const settings = readSpecSettings(workspace, inputs);
  const fleet = `${render.registry}/${render.namespace}`;
  const options = { ...settings, fleet, copies: render.copies, siblings: render.images, workspace };
  const results = images.map((image) => runSpec(image, options));
  return {
    record: { images: results.map(({ tested }) => tested) },
    problems: results.flatMap(({ problems }) => problems),
    failing: results.flatMap(({ failing }) => failing),
  };
}
