/** `.hadolint.yaml`: https://github.com/hadolint/hadolint#configure */
import * as v from 'valibot';
import { checkDocument, looseMap, mapOf, readDocument } from '../documents/index.ts';
import type { Severity } from '../problems.ts';
import { type LabelFormat, labelFormats } from './label-formats.ts';
import type { RuleOptions } from './rules/rule.ts';

/** What the file says, in the terms of our options. What it does not mention is not there. */
export interface HadolintConfig
  extends Partial<
    Pick<RuleOptions, 'severities' | 'trustedRegistries' | 'labels' | 'strictLabels' | 'disableIgnorePragma'>
  > {
  /** The mildest severity that fails an image. */
  readonly failOn?: Severity | 'none';
}

const codes = v.array(v.string());
const thresholds = ['error', 'warning', 'info', 'style', 'ignore', 'none'] as const;
const registries = v.union([v.string(), codes]);

/** Keys that are about the program alone, such as `format`, are let pass. */
const schema = looseMap({
  'failure-threshold': v.optional(v.picklist(thresholds)),
  ignored: v.optional(codes),
  override: v.optional(
    looseMap({
      error: v.optional(codes),
      warning: v.optional(codes),
      info: v.optional(codes),
      style: v.optional(codes),
    }),
  ),
  trustedRegistries: v.optional(registries),
  'label-schema': v.optional(mapOf(v.string(), v.picklist(labelFormats))),
  'strict-labels': v.optional(v.boolean()),
  'disable-ignore-pragma': v.optional(v.boolean()),
  'no-fail': v.optional(v.boolean()),
});

/** hadolint's info and style are both a notice here. */
const severityOf = { error: 'error', warning: 'warning', info: 'notice', style: 'notice' } as const;
const failOnOf = { ...severityOf, ignore: 'notice', none: 'none' } as const;

/** @throws ProblemsError with every problem of the file, with line and column */
export function readHadolintConfig(text: string, file: string): HadolintConfig {
  const config = checkDocument(readDocument(text, file), schema);
  const severities: Record<string, Severity | 'off'> = {};
  for (const level of ['style', 'info', 'warning', 'error'] as const)
    for (const code of config.override?.[level] ?? []) severities[code] = severityOf[level];
  for (const code of config.ignored ?? []) severities[code] = 'off';
  const threshold = config['no-fail'] === true ? 'none' : config['failure-threshold'];
  const trusted = config.trustedRegistries;
  return {
    severities,
    ...(threshold === undefined ? {} : { failOn: failOnOf[threshold] }),
    ...(trusted === undefined ? {} : { trustedRegistries: typeof trusted === 'string' ? [trusted] : trusted }),
    ...(config['label-schema'] === undefined ? {} : { labels: config['label-schema'] as Record<string, LabelFormat> }),
    ...(config['strict-labels'] === undefined ? {} : { strictLabels: config['strict-labels'] }),
    ...(config['disable-ignore-pragma'] === undefined ? {} : { disableIgnorePragma: config['disable-ignore-pragma'] }),
  };
}
