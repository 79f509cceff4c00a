/** What leaves findings of hadolint out or changes them: comments, configuration, shells. */
import { cases } from './case.ts';

const base = 'FROM debian:12';
const run = (text: string): string => `${base}\nRUN ${text}`;

export const hadolintCommentCases = cases({
  'ignored inline': `${base}\n# hadolint ignore=DL3004\nRUN sudo x`,
  'ignored inline, several': `${base}\n# hadolint ignore=DL3004,DL3001 # because\nRUN sudo x; ps`,
  'ignored inline, spaces': `${base}\n#   hadolint   ignore = DL3004 , DL3001\nRUN sudo x; ps`,
  'ignored inline, words behind': `${base}\n# hadolint ignore=DL3004 because\nRUN sudo x`,
  'ignored inline, line between': `${base}\n# hadolint ignore=DL3004\n\nRUN sudo x`,
  'ignored inline, comment between': `${base}\n# hadolint ignore=DL3004\n# why\nRUN sudo x`,
  'ignored inline, within the instruction': `${base}\nRUN true && \\\n# hadolint ignore=DL3004\n  sudo x`,
  'ignored inline, next': `${base}\n# hadolint ignore=DL3004\nRUN true\nRUN sudo x`,
  'ignored inline, indented': `${base}\n  # hadolint ignore=DL3004\nRUN sudo x`,
  'ignored for the file': `# hadolint global ignore=DL3004\n${base}\nRUN sudo x`,
  'ignored for the file, at the end': `${base}\nRUN sudo x\n# hadolint global ignore=DL3004`,
  'ignored for the stage': `# hadolint stage ignore=DL3004\n${base}\nRUN sudo x`,
  'ignored for the stage, within': `${base}\n# hadolint stage ignore=DL3004\nRUN sudo x\n${base} AS b\nRUN sudo y`,
  'ignored, pragma off': {
    dockerfile: `${base}\n# hadolint ignore=DL3004\nRUN sudo x`,
    hadolint: 'disable-ignore-pragma: true',
  },
  'ignored by configuration': { dockerfile: run('sudo x; ps'), hadolint: 'ignored: [DL3004, SC2086]' },
  overridden: { dockerfile: run('sudo x; ps'), hadolint: 'override: {style: [DL3004], error: [DL3001]}' },
  'overridden and ignored': { dockerfile: run('sudo x'), hadolint: 'override: {error: [DL3004]}\nignored: [DL3004]' },
  'shell pragma': `${base}\n# hadolint shell=powershell\nRUN a | b`,
  powershell: `${base}\nSHELL ["powershell", "-Command"]\nRUN sudo x; cd y`,
  'a good one': `${base}\nLABEL org.opencontainers.image.authors="me"\nCOPY app /usr/local/bin/\nUSER 1000\nENTRYPOINT ["app"]`,
});
