/** Results of tests as JSON, for programs: schemas/report.schema.json. */
import * as z from 'zod/mini';
import type { TestRecord } from '../images/records.ts';
import type { TestPhase } from './phase.ts';

const status = z.enum(['passed', 'failed', 'skipped']);
const count = z.int().check(z.minimum(0));

/** Only what is there is promised: further keys may come with the same version. */
export const jsonReportSchema = z.object({
  version: z.literal(1),
  phase: z.enum(['spec', 'integration']),
  passed: count,
  failed: count,
  skipped: count,
  images: z.array(
    z.object({
      name: z.string(),
      status,
      reason: z.string(),
      id: z.optional(z.string()),
      checks: z.array(z.object({ title: z.string(), status, message: z.optional(z.string()), durationMs: count })),
    }),
  ),
});

/** Counts are of images. Pure. */
export function jsonReport(phase: TestPhase, { images }: TestRecord): string {
  const counted = (wanted: string): number => images.filter((image) => image.status === wanted).length;
  const report: z.output<typeof jsonReportSchema> = {
    version: 1,
    phase,
    passed: counted('passed'),
    failed: counted('failed'),
    skipped: counted('skipped'),
    images: images.map((image) => ({ ...image, checks: [...image.checks] })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
