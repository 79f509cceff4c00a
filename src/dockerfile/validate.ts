/**
 * The form of each instruction: https://github.com/moby/buildkit/blob/master/frontend/dockerfile/instructions/parse.go
 */
import { readHeredoc } from './lines.ts';
import { readMount } from './mounts.ts';
import { distance } from './suggestion.ts';
import type { Flag, Instruction, ParseProblem, Word } from './types.ts';

type FlagKind = 'text' | 'texts' | 'boolean';

/** Flags of each instruction; `texts` may be given more than once. */
const instructionFlags: Readonly<Record<string, Readonly<Record<string, FlagKind>>>> = {
  ADD: {
    chown: 'text',
    chmod: 'text',
    link: 'boolean',
    'keep-git-dir': 'boolean',
    checksum: 'text',
    unpack: 'boolean',
    exclude: 'texts',
  },
  ARG: {},
  CMD: {},
  COPY: { chown: 'text', from: 'text', chmod: 'text', link: 'boolean', exclude: 'texts', parents: 'boolean' },
  ENTRYPOINT: {},
  ENV: {},
  EXPOSE: {},
  FROM: { platform: 'text' },
  HEALTHCHECK: { interval: 'text', timeout: 'text', 'start-period': 'text', 'start-interval': 'text', retries: 'text' },
  LABEL: {},
  MAINTAINER: {},
  ONBUILD: {},
  RUN: { mount: 'texts', network: 'text', security: 'text', device: 'texts' },
  SHELL: {},
  STOPSIGNAL: {},
  USER: {},
  VOLUME: {},
  WORKDIR: {},
};

type Found = Omit<ParseProblem, 'line' | 'column'> & { readonly at?: Word | Flag };

export function instructionProblems(instruction: Instruction, escapeToken: string): readonly ParseProblem[] {
  const flags = instructionFlags[instruction.keyword];
  const found: Found[] = [];
  if (flags === undefined) {
    const near = suggestKeyword(instruction.keyword);
    found.push({
      message: `'${instruction.keyword}' is no instruction`,
      hint:
        near === undefined ? `if it continues the line above, end that with ${escapeToken}` : `did you mean ${near}?`,
    });
  } else found.push(...flagProblems(instruction, flags), ...argumentProblems(instruction));
  const own = found.map(({ at, ...problem }) => ({
    ...problem,
    line: at?.line ?? instruction.line,
    column: at?.column ?? instruction.column,
  }));
  return instruction.trigger === undefined ? own : [...own, ...triggerProblems(instruction.trigger, escapeToken)];
}

/** The instruction that `keyword` is, or that it is one or two letters away from. */
export function suggestKeyword(keyword: string): string | undefined {
  const names = Object.keys(instructionFlags);
  if (names.includes(keyword)) return keyword;
  return names.find((name) => distance(name, keyword) <= (name.length > 4 ? 2 : 1));
}

function triggerProblems(trigger: Instruction, escapeToken: string): readonly ParseProblem[] {
  if (!['ONBUILD', 'FROM', 'MAINTAINER'].includes(trigger.keyword)) return instructionProblems(trigger, escapeToken);
  const { line, column } = trigger;
  return [{ line, column, message: `ONBUILD can't be followed by ${trigger.keyword}` }];
}

function flagProblems(instruction: Instruction, known: Readonly<Record<string, FlagKind>>): readonly Found[] {
  const seen = new Set<string>();
  return instruction.flags.flatMap((flag): readonly Found[] => {
    const kind = known[flag.name];
    const name = `--${flag.name}`;
    if (kind === undefined) {
      const names = Object.keys(known).map((other) => `--${other}`);
      const hint = names.length > 0 ? `it has ${names.join(', ')}` : 'it has none';
      return [{ at: flag, message: `${instruction.keyword} has no flag ${name}`, hint }];
    }
    if (seen.has(flag.name) && kind !== 'texts')
      return [{ at: flag, message: `${name} is given twice`, hint: 'keep one' }];
    seen.add(flag.name);
    if (kind !== 'boolean')
      return flag.value === undefined ? [{ at: flag, message: `${name} has no value`, hint: `write ${name}=…` }] : [];
    if (flag.value === undefined || /^(?:true|false)$/i.test(flag.value)) return [];
    return [{ at: flag, message: `${name} takes true or false, not '${flag.value}'` }];
  });
}

function argumentProblems(instruction: Instruction): readonly Found[] {
  const { keyword, words, body } = instruction;
  if (notStrings(instruction))
    return [{ message: `${keyword} has an array with values that are no text`, hint: 'put each in double quotes' }];
  switch (keyword) {
    case 'FROM':
      return fromProblems(words);
    case 'COPY':
    case 'ADD':
      return copyProblems(instruction);
    case 'RUN':
      return [...mountProblems(instruction), ...choiceProblems(instruction)];
    case 'SHELL':
      if (instruction.json && words.length > 0) return [];
      return [{ message: 'SHELL takes a JSON array', hint: 'write SHELL ["/bin/bash", "-c"]' }];
    case 'HEALTHCHECK':
      return [...healthcheckProblems(words), ...intervalProblems(instruction)];
    case 'ENV':
    case 'LABEL':
      return pairProblems(keyword, words);
    case 'ARG':
      return [
        ...needs(keyword, words, 'name'),
        ...words
          .filter(({ text }) => text.startsWith('='))
          .map((word) => ({ at: word, message: 'ARG has a value without a name', hint: 'write NAME=value' })),
      ];
    case 'VOLUME':
      return words.some(({ text }) => text.trim() === '') || words.length === 0 ? needs(keyword, [], 'path') : [];
    case 'CMD':
    case 'ENTRYPOINT':
      return [];
    default:
      return body.text === '' ? needs(keyword, [], 'argument') : [];
  }
}

function needs(keyword: string, words: readonly Word[], what: string): readonly Found[] {
  return words.length > 0 ? [] : [{ message: `${keyword} has no ${what}`, hint: 'write it on the same line' }];
}

/** An array of JSON, but not of strings alone: the builder refuses it instead of taking it for a command line. */
function notStrings({ body, json, keyword }: Instruction): boolean {
  const arrays = ['ADD', 'COPY', 'CMD', 'ENTRYPOINT', 'RUN', 'SHELL', 'VOLUME'];
  if (json || !arrays.includes(keyword) || !body.text.startsWith('[')) return false;
  try {
    return Array.isArray(JSON.parse(body.text));
  } catch {
    return false;
  }
}

function fromProblems(words: readonly Word[]): readonly Found[] {
  const [base, as, name, ...more] = words;
  if (base === undefined) return [{ message: 'FROM names no image', hint: 'write FROM image:tag' }];
  if (as === undefined) return [];
  if (as.text.toUpperCase() !== 'AS' || name === undefined || more.length > 0)
    return [
      { at: as, message: 'FROM takes an image, or an image, AS and a name', hint: 'write FROM image:tag AS name' },
    ];
  if (/^[a-z][a-z0-9._-]*$/i.test(name.text)) return [];
  const hint = 'begin with a letter, and use letters, digits, dots, dashes and underscores only';
  return [{ at: name, message: `'${name.text}' can't be the name of a stage`, hint }];
}

function copyProblems({ keyword, words, flags }: Instruction): readonly Found[] {
  if (words.length < 2) {
    const message =
      words.length === 0 ? `${keyword} names neither source nor destination` : `${keyword} has no destination`;
    return [{ message, hint: `write ${keyword} source destination` }];
  }
  const target = words.at(-1);
  const from = flags.find((flag) => flag.name === 'from');
  const found: Found[] = [];
  if (target !== undefined && readHeredoc(target.text) !== undefined)
    found.push({ at: target, message: 'a heredoc is a source, not a destination', hint: 'add a path behind it' });
  if (from?.value !== undefined && /\$./.test(from.value)) found.push(noVariable(from));
  if (from?.value === '') found.push({ at: from, message: '--from has no value', hint: 'name a stage or an image' });
  return found;
}

function mountProblems({ flags }: Instruction): readonly Found[] {
  return flags
    .filter((flag) => flag.name === 'mount' && /\$./.test(readMount(flag.value ?? '').from ?? ''))
    .map(noVariable);
}

const choices: Readonly<Record<string, readonly string[]>> = {
  network: ['default', 'none', 'host'],
  security: ['sandbox', 'insecure'],
};

function choiceProblems({ flags }: Instruction): readonly Found[] {
  return flags.flatMap((flag): readonly Found[] => {
    const known = choices[flag.name];
    if (known === undefined || flag.value === undefined || known.includes(flag.value)) return [];
    return [{ at: flag, message: `--${flag.name} can't be '${flag.value}'`, hint: `it is one of ${known.join(', ')}` }];
  });
}

function noVariable(flag: Flag): Found {
  return {
    at: flag,
    message: `the builder expands no variable in 'from'`,
    hint: 'declare a stage with FROM and the variable, and name the stage here',
  };
}

function healthcheckProblems(words: readonly Word[]): readonly Found[] {
  const [type, ...rest] = words;
  const kind = type?.text.toUpperCase();
  if (kind === 'CMD' && rest.length > 0) return [];
  if (kind === 'CMD') return [{ message: 'HEALTHCHECK CMD has no command', hint: 'write it behind CMD' }];
  if (kind === 'NONE' && rest.length === 0) return [];
  return [{ message: 'HEALTHCHECK takes CMD and a command, or NONE alone' }];
}

function intervalProblems({ flags }: Instruction): readonly Found[] {
  return flags.flatMap((flag): readonly Found[] => {
    const { name, value = '' } = flag;
    if (name === 'retries')
      return /^\d+$/.test(value) ? [] : [{ at: flag, message: `--retries can't be '${value}'`, hint: 'give a number' }];
    if (value === '' || value === '0' || /^(?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+$/.test(value)) return [];
    return [
      { at: flag, message: `--${name} can't be '${value}'`, hint: 'give a duration with a unit, such as 30s or 1m30s' },
    ];
  });
}

function pairProblems(keyword: string, words: readonly Word[]): readonly Found[] {
  const [first, second] = words;
  if (first === undefined) return needs(keyword, words, 'name');
  if (!first.text.includes('='))
    return second === undefined ? [{ at: first, message: `${keyword} ${first.text} has no value` }] : [];
  return words.flatMap((word): readonly Found[] => {
    if (word.text.startsWith('=')) return [{ at: word, message: `${keyword} has a value without a name` }];
    if (word.text.includes('=')) return [];
    return [{ at: word, message: `'${word.text}' has no =`, hint: 'put values with spaces in double quotes' }];
  });
}
