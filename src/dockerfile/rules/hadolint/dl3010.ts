import { type Program, plainArgs, scriptsOf } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { at } from './findings.ts';
import { copyPaths, copySourceName, isArchive, unquoted } from './stages.ts';

export const rule: Rule = {
  id: 'DL3010',
  severity: 'notice',
  summary: 'ADD unpacks an archive without keeping it in a layer of its own',
  bad: 'FROM debian:bookworm-slim\nCOPY app.tar.gz /tmp/\nRUN tar -xzf /tmp/app.tar.gz -C /opt',
  good: 'FROM debian:bookworm-slim\nADD app.tar.gz /opt/',
  check({ dockerfile }) {
    const scripts = scriptsOf(dockerfile);
    // What earlier stages unpack is not in the image.
    return dockerfile.stages.slice(-1).flatMap(({ instructions }) =>
      instructions.flatMap((instruction, index) => {
        if (instruction.keyword !== 'COPY' || copySourceName(instruction) !== undefined) return [];
        const { sources, target } = copyPaths(instruction);
        const archives = (isArchive(target) ? [target] : sources.filter(isArchive)).map(baseName);
        const later = instructions.slice(index + 1);
        const unpacked = new Set(
          archives.filter((archive) =>
            scripts.some(
              ({ run, programs }) => later.includes(run) && programs.some((program) => unpacks(program, archive)),
            ),
          ),
        );
        if (unpacked.size === 0) return [];
        return [at(instruction, `'${[...unpacked].join("', '")}' is copied and then unpacked`, 'use ADD')];
      }),
    );
  },
};

const unpackers = /^(?:unzip|gunzip|bunzip2|unlzma|unxz|zgz|uncompress|zcat|gzcat)$/;

function unpacks(program: Program, archive: string): boolean {
  const { name, args } = program;
  const extracts = args.some((arg) => arg === '--extract' || arg === '--get' || /^-[^-]*x|^-.*x/.test(arg));
  if (!(name === 'tar' && extracts) && !unpackers.test(name)) return false;
  return plainArgs(program).map(baseName).includes(archive);
}

function baseName(path: string): string {
  return unquoted(path).replace(/^.*[/\\]/s, '');
}
