/** hadolint's rules about labels: each hit and nearly hit. */
import { cases } from './case.ts';

const base = 'FROM debian:12';

export const hadolintLabelCases = cases({
  'DL3048 forms': `${base}\nLABEL a.b-c9=1 org.opencontainers.image.title=x`,
  'DL3048 upper': `${base}\nLABEL A=1`,
  'DL3048 underscore': `${base}\nLABEL a_b=1`,
  'DL3048 end': `${base}\nLABEL a.=1`,
  'DL3048 double': `${base}\nLABEL a..b=1`,
  'DL3048 reserved': `${base}\nLABEL com.docker.x=1`,
  'DL3048 quoted': `${base}\nLABEL "a.b"="x y"`,
  'DL3048 variable': `${base}\nARG A=x\nLABEL $A=1`,
  'DL3048 several': `${base}\nLABEL a=1 \\\n  B=2`,
  'DL3048 legacy': `${base}\nLABEL a b c`,
  'DL3049 missing': { dockerfile: `${base}\nLABEL a=1`, hadolint: 'label-schema: {a: text, b: text}' },
  'DL3049 in the parent': {
    dockerfile: `${base} AS x\nLABEL a=1\nFROM x\nRUN true`,
    hadolint: 'label-schema: {a: text}',
  },
  'DL3049 in the copied stage': {
    dockerfile: `${base} AS x\nRUN true\n${base}\nLABEL a=1\nCOPY --from=x /a /b`,
    hadolint: 'label-schema: {a: text}',
  },
  'DL3049 in no stage': {
    dockerfile: `${base} AS x\nRUN true\n${base} AS y\nRUN true`,
    hadolint: 'label-schema: {a: text}',
  },
  'DL3049 in the first alone': {
    dockerfile: `${base} AS x\nLABEL a=1\n${base} AS y\nRUN true`,
    hadolint: 'label-schema: {a: text}',
  },
  'DL3049 in the last alone': {
    dockerfile: `${base} AS x\nRUN true\n${base} AS y\nLABEL a=1`,
    hadolint: 'label-schema: {a: text}',
  },
  'DL3050 strict': { dockerfile: `${base}\nLABEL a=1 c=2`, hadolint: 'label-schema: {a: text}\nstrict-labels: true' },
  'DL3050 strict without schema': { dockerfile: `${base}\nLABEL a=1`, hadolint: 'strict-labels: true' },
  'DL3050 not strict': { dockerfile: `${base}\nLABEL a=1 c=2`, hadolint: 'label-schema: {a: text}' },
  'DL3051 empty': { dockerfile: `${base}\nLABEL a=""`, hadolint: 'label-schema: {a: text}' },
  'DL3051 bare': { dockerfile: `${base}\nLABEL a=`, hadolint: 'label-schema: {a: text}' },
  'DL3052 url': {
    dockerfile: `${base}\nLABEL a=https://x.org/y b=x.org c=mailto:x d="https://a b" e=http:`,
    hadolint: 'label-schema: {a: url, b: url, c: url, d: url, e: url}',
  },
  'DL3053 time': {
    dockerfile: `${base}\nLABEL a=2024-02-29T12:00:00Z b=2024-02-30T12:00:00Z c=2024-02-29 d=2024-02-29T12:00:00.5+01:00 e="2024-02-29 12:00:00Z"`,
    hadolint: 'label-schema: {a: rfc3339, b: rfc3339, c: rfc3339, d: rfc3339, e: rfc3339}',
  },
  'DL3054 licence': {
    dockerfile: `${base}\nLABEL a=MIT b=Apache-2.0 c=GPL d="MIT OR Apache-2.0" e=GPL-2.0-only f=mit g=GPL-2.0`,
    hadolint: 'label-schema: {a: spdx, b: spdx, c: spdx, d: spdx, e: spdx, f: spdx, g: spdx}',
  },
  'DL3054 licence expressions': {
    dockerfile: `${base}\nLABEL a="GPL-2.0-or-later WITH Classpath-exception-2.0" b="(MIT AND ISC)" c=GPL-2.0+ d=LicenseRef-x e=NONE`,
    hadolint: 'label-schema: {a: spdx, b: spdx, c: spdx, d: spdx, e: spdx}',
  },
  'DL3055 hash': {
    dockerfile: `${base}\nLABEL a=0123abc b=${'a'.repeat(40)} c=0123abcd d=main e=0123ABC`,
    hadolint: 'label-schema: {a: hash, b: hash, c: hash, d: hash, e: hash}',
  },
  'DL3056 version': {
    dockerfile: `${base}\nLABEL a=1.2.3 b=1.2 c=v1.2.3 d=1.2.3-rc.1+b.2 e=01.2.3`,
    hadolint: 'label-schema: {a: semver, b: semver, c: semver, d: semver, e: semver}',
  },
  'DL3058 mail': {
    dockerfile: `${base}\nLABEL a=x@y.org b=x c="X <x@y.org>" d=x@y e=a.b+c@d-e.org f=.x@y.org`,
    hadolint: 'label-schema: {a: email, b: email, c: email, d: email, e: email, f: email}',
  },
});
