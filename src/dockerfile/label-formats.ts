/** Formats that the value of a label can be held to, by the names that hadolint gives them. */
import licences from 'spdx-license-ids/index.json' with { type: 'json' };

export const labelFormats = ['text', 'rfc3339', 'semver', 'url', 'hash', 'spdx', 'email'] as const;

export type LabelFormat = (typeof labelFormats)[number];

export function matchesFormat(value: string, format: LabelFormat): boolean {
  switch (format) {
    case 'text':
      return true;
    case 'rfc3339':
      return isTime(value);
    case 'semver':
      return semantic.test(value);
    case 'url':
      return /^[a-z][a-z0-9+.-]*:[\x21-\x7e]*$/i.test(value) && !/[<>"{}|\\^`]|%(?![0-9a-f]{2})/i.test(value);
    case 'hash':
      return /^(?:[0-9a-f]{7}|[0-9a-f]{40})$/.test(value);
    case 'spdx':
      return (licences as readonly string[]).includes(value);
    case 'email':
      return /^[^\s@"(),:;<>[\]\\.]+(?:\.[^\s@"(),:;<>[\]\\.]+)*@[a-z0-9-]+(?:\.[a-z0-9-]+)*$/i.test(value);
  }
}

/** https://semver.org, but as lenient as hadolint: leading zeros, and nothing behind a dash or plus. */
const semantic = /^\d+\.\d+\.\d+(?:-(?:[0-9a-z-]+(?:\.[0-9a-z-]+)*)?)?(?:\+(?:[0-9a-z-]+(?:\.[0-9a-z-]+)*)?)?$/i;

/** https://www.rfc-editor.org/rfc/rfc3339#section-5.6 */
function isTime(value: string): boolean {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/.exec(value) ?? [];
  if (year === undefined) return false;
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  const [m, d, h] = [Number(month), Number(day), Number(hour)];
  return m >= 1 && m <= 12 && d >= 1 && d <= days && h < 24 && Number(minute) < 60 && Number(second) < 61;
}
