/** Formats that the value of a label can be held to, by the names that hadolint gives them. */

export const labelFormats = ['text', 'rfc3339', 'semver', 'url', 'hash', 'spdx', 'email'] as const;

export type LabelFormat = (typeof labelFormats)[number];
