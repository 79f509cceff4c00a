/** Results of tests as JSON, for programs: schemas/report.schema.json. */
import * as v from 'valibot';
import type { TestRecord } from '../images/records.ts';
import type { TestPhase } from './phase.ts';

const status = v.picklist(['passed', 'failed', 'skipped']);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Only what is there is promised: further keys may come with the same version. */
export const jsonReportSchema = v.object({
  version: v.literal(1),
  phase: v.picklist(['spec', 'integration']),
  passed: count,
  failed: count,
  skipped: count,
  images: v.array(
    v.object({
      name: v.string(),
      status,
      reason: v.string(),
      id: v.optional(v.string()),
      checks: v.array(v.object({ title: v.string(), status, message: v.optional(v.string()), durationMs: count })),
    }),
  ),
});

/** Counts are of images. Pure. */
export function jsonReport(phase: TestPhase, { images }: TestRecord): string {
  const counted = (wanted: string): number => images.filter((image) => image.status === wanted).length;
  const report: v.InferOutput<typeof jsonReportSchema> = {
    version: 1,
    phase,
    passed: counted('passed'),
    failed: counted('failed'),
    skipped: counted('skipped'),
    images: images.map((image) => ({ ...image, checks: [...image.checks] })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
