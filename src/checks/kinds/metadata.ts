/** What the image says of itself: environment, labels, and how it is started. No container is looked at. */
import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { map, mapOf } from '../../documents/index.ts';
import { type EngineImageConfig, type InspectedImage, inspectConfig } from '../../engine/index.ts';
import type { Check, Subject } from '../check.ts';
import { once } from '../once.ts';
import { breaches } from '../text-rule.ts';
import { defineKind } from './kind.ts';
import { isPort, port, text, textRule } from './schemas.ts';

/** A text rule, or `null` for what must not be there. */
const values = mapOf(v.string(), v.union([text, v.null()]));
type Values = v.InferOutput<typeof values>;

const portName = v.pipe(
  v.string(),
  v.check((value) => isPort(value, ['tcp', 'udp', 'sctp']), 'is no port from 1 to 65535; write 80, 80/tcp or 53/udp'),
);
const ports = v.array(v.union([port, portName]));
const metadataSchema = map({
  user: v.optional(v.string()),
  workdir: v.optional(v.string()),
  entrypoint: v.optional(v.array(v.string())),
  cmd: v.optional(v.array(v.string())),
  'exposed-ports': v.optional(ports),
  'unexposed-ports': v.optional(ports),
  volumes: v.optional(v.array(v.string())),
  'unmounted-volumes': v.optional(v.array(v.string())),
  'stop-signal': v.optional(v.string()),
  healthcheck: v.optional(v.boolean()),
  shell: v.optional(v.array(v.string())),
  platform: v.optional(v.string()),
});

export const env = defineKind('env', values, (written) =>
  imageCheck(`environment has ${Object.keys(written).join(', ')} as described`, (image) =>
    valueBreaches(environmentOf(image), written, 'the variable'),
  ),
);

export const label = defineKind('label', values, (written) =>
  imageCheck(`labels ${Object.keys(written).join(', ')} are as described`, (image) =>
    valueBreaches(image.config.Labels ?? {}, written, 'the label'),
  ),
);

export const metadata = defineKind('metadata', metadataSchema, (written) =>
  imageCheck(`${Object.keys(written).join(', ')} of the image as described`, (image) =>
    metadataBreaches(image, written),
  ),
);

const known = new WeakMap<InspectedImage, Promise<EngineImageConfig>>();

/** The image's configuration is asked for once. */
export function imageCheck(title: string, breachesOf: (image: EngineImageConfig) => readonly string[]): Check {
  return {
    title,
    ports: [],
    looksAt: 'image',
    run: async ({ engine, image }: Subject) =>
      breachesOf(await once(known, image, () => inspectConfig(engine, image.id))),
  };
}

/** Pure. */
export function environmentOf({ config }: EngineImageConfig): Record<string, string> {
  const variables = Array.isArray(config.Env) ? config.Env : [];
  return Object.fromEntries(
    variables.map((variable) => {
      const [name = '', ...value] = String(variable).split('=');
      return [name, value.join('=')];
    }),
  );
}

/** Pure. */
export function valueBreaches(found: Readonly<Record<string, string>>, wanted: Values, what: string): string[] {
  return Object.entries(wanted).flatMap(([name, rule]) => {
    const value = Object.hasOwn(found, name) ? found[name] : undefined;
    if (rule === null) return value === undefined ? [] : [`${what} ${name} is there, with '${value}'`];
    if (value === undefined) return [`${what} ${name} is not there`];
    // One text is the whole value here: `HOME: /root` is not met by `/rootless`.
    return breaches(value, typeof rule === 'string' ? textRule({ equals: rule }) : textRule(rule), `${what} ${name}`);
  });
}

/** Pure. */
export function metadataBreaches(image: EngineImageConfig, wanted: v.InferOutput<typeof metadataSchema>): string[] {
  const { config } = image;
  const equal = (what: string, found: unknown, value: unknown): string[] =>
    value === undefined || isDeepStrictEqual(found, value)
      ? []
      : [`${what} is ${JSON.stringify(found)}, expected ${JSON.stringify(value)}`];
  const present = (
    what: string,
    found: readonly string[],
    all: readonly string[] = [],
    none: readonly string[] = [],
  ) => [
    ...all.filter((one) => !found.includes(one)).map((one) => `${what} ${one} is not there`),
    ...none.filter((one) => found.includes(one)).map((one) => `${what} ${one} is there`),
  ];
  const { os, architecture, variant } = image;
  return [
    ...equal('its user', config.User ?? '', wanted.user),
    ...equal('its working directory', config.WorkingDir || '/', wanted.workdir),
    ...equal('its entrypoint', config.Entrypoint ?? [], wanted.entrypoint),
    ...equal('its command', config.Cmd ?? [], wanted.cmd),
    ...present(
      'the exposed port',
      keysOf(config.ExposedPorts),
      wanted['exposed-ports']?.map(portOf),
      wanted['unexposed-ports']?.map(portOf),
    ),
    ...present('the volume', keysOf(config.Volumes), wanted.volumes, wanted['unmounted-volumes']),
    ...equal('its stop signal', config.StopSignal || 'SIGTERM', wanted['stop-signal']),
    ...equal('whether it has a health check', hasHealthcheck(config), wanted.healthcheck),
    ...equal('its shell', config.Shell ?? ['/bin/sh', '-c'], wanted.shell),
    ...equal(
      'its platform',
      [os, architecture, ...(variant === undefined ? [] : [variant])].join('/'),
      wanted.platform,
    ),
  ];
}

function hasHealthcheck({ Healthcheck }: EngineImageConfig['config']): boolean {
  if (typeof Healthcheck !== 'object' || Healthcheck === null || !('Test' in Healthcheck)) return false;
  return Array.isArray(Healthcheck.Test) && Healthcheck.Test.length > 0 && Healthcheck.Test[0] !== 'NONE';
}

function keysOf(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

function portOf(port: string | number): string {
  return /\//.test(String(port)) ? String(port) : `${port}/tcp`;
}
