/** `RUN --mount=key=value,…`: https://docs.docker.com/reference/dockerfile/#run---mount */

export interface Mount {
  /** Lower case; `bind` unless given. */
  readonly type: string;
  readonly from?: string;
  readonly source?: string;
}

/** Reads the value of a `--mount` flag: fields separated by commas, quoted as in CSV where they hold one. */
export function readMount(value: string): Mount {
  const pairs = [...value.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => {
    const field = quoted?.replaceAll('""', '"') ?? plain ?? '';
    const equals = field.indexOf('=');
    return equals < 0 ? [field, ''] : [field.slice(0, equals), field.slice(equals + 1)];
  });
  const field = (...names: string[]): string | undefined =>
    pairs.findLast(([name = '']) => names.includes(name.toLowerCase()))?.[1];
  const from = field('from');
  const source = field('source', 'src');
  return {
    type: field('type')?.toLowerCase() ?? 'bind',
    ...(from === undefined || from === '' ? {} : { from }),
    ...(source === undefined ? {} : { source }),
  };
}
