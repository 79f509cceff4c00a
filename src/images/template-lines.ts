/** From a line of a rendered Dockerfile to the template. */
import type { Place } from '../problems.ts';
import type { RenderedImage } from './records.ts';

/** Where a line of the rendered Dockerfile comes from; the image's template where the line is unknown. */
export function placeInTemplate(image: Pick<RenderedImage, 'template' | 'templateLines'>, line?: number): Place {
  const own = line === undefined ? undefined : image.templateLines?.[line - 1];
  if (own === undefined) return { file: image.template };
  return typeof own === 'number' ? { file: image.template, line: own } : own;
}
