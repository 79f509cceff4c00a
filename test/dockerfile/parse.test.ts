import { describe, expect, it } from '@jest/globals';
import { type ParsedDockerfile, parseDockerfile } from '../../src/dockerfile/index.ts';

function lines(parsed: ParsedDockerfile): readonly string[] {
  return parsed.instructions.map(({ keyword, line, endLine, body }) => `${line}-${endLine} ${keyword} ${body.text}`);
}

function problems(text: string): readonly string[] {
  return parseDockerfile(text).problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('instructions', () => {
  it('go on over continuation lines, with comments and empty lines between', () => {
    const parsed = parseDockerfile(
      'FROM debian\nRUN apt-get install \\\n  # the server\n\n  nginx \\\n  curl\nUSER www\n',
    );
    expect(lines(parsed)).toEqual(['1-1 FROM debian', '2-6 RUN apt-get install   nginx   curl', '7-7 USER www']);
    expect(parsed.instructions[1]?.words).toContainEqual({ text: 'nginx', line: 5, column: 3 });
    expect(parsed.comments).toEqual([{ text: 'the server', line: 3, column: 3 }]);
  });

  it('end at an escaped escape character, and not at one with space behind it', () => {
    expect(lines(parseDockerfile('FROM a\nRUN echo \\\\\nRUN b \\ \t\n c'))).toEqual([
      '1-1 FROM a',
      '2-2 RUN echo \\\\',
      '3-4 RUN b  c',
    ]);
  });

  it('use the escape character of the directive, which only counts at the top', () => {
    const parsed = parseDockerfile('# syntax=docker/dockerfile:1\n# escape=`\nFROM a\nRUN dir C:\\\nRUN a `\n b\n');
    expect(parsed.directives.map(({ name, value }) => `${name}=${value}`)).toEqual([
      'syntax=docker/dockerfile:1',
      'escape=`',
    ]);
    expect(lines(parsed)).toEqual(['3-3 FROM a', '4-4 RUN dir C:\\', '5-6 RUN a  b']);
    expect(parseDockerfile('# a comment\n# escape=`\nFROM a\nRUN a \\\n b').instructions).toHaveLength(2);
  });

  it('have flags with positions, also on lines of their own', () => {
    const [, run, copy] = parseDockerfile(
      'FROM a\nRUN --mount=type=cache,target=/c \\\n  --network=none make\nCOPY --link --chown="a b" x /y',
    ).instructions;
    expect(run?.flags).toEqual([
      { name: 'mount', value: 'type=cache,target=/c', line: 2, column: 5 },
      { name: 'network', value: 'none', line: 3, column: 3 },
    ]);
    expect(copy?.flags.map(({ name, value }) => [name, value])).toEqual([
      ['link', undefined],
      ['chown', 'a b'],
    ]);
    expect(copy?.words.map(({ text }) => text)).toEqual(['x', '/y']);
  });

  it('may be JSON arrays, and are not where the array is malformed', () => {
    const [, good, bad] = parseDockerfile(`FROM a\nCOPY ["a b", "/c"]\nCMD ['a']`).instructions;
    expect([good?.json, good?.words.map(({ text }) => text)]).toEqual([true, ['a b', '/c']]);
    expect([bad?.json, bad?.body.text]).toEqual([false, "['a']"]);
  });

  it('are read after ONBUILD as well', () => {
    const [, onbuild] = parseDockerfile('FROM a\nONBUILD COPY --chown=x a b').instructions;
    expect(onbuild?.trigger).toMatchObject({ keyword: 'COPY', line: 2, column: 9, flags: [{ name: 'chown' }] });
  });

  it('are the same with Windows line ends and a byte order mark', () => {
    expect(lines(parseDockerfile('\ufeffFROM a\r\nRUN b \\\r\n c\r\n'))).toEqual(['1-1 FROM a', '2-3 RUN b  c']);
  });
});

describe('heredocs', () => {
  const heredocs = (text: string): unknown =>
    parseDockerfile(text).instructions.flatMap((one) => one.heredocs.map(({ name, content }) => [name, content.text]));

  it('hold what would be instructions elsewhere', () => {
    const text = 'FROM a\nRUN <<EOF\nFROM b\n# no comment\nEOF\nUSER x';
    expect(heredocs(text)).toEqual([['EOF', 'FROM b\n# no comment\n']]);
    expect(lines(parseDockerfile(text)).at(-1)).toBe('6-6 USER x');
  });

  it('come one after the other, quoted, indented, behind a number', () => {
    expect(heredocs('FROM a\nCOPY <<"A" <<-B /x\n1\nA\n\t2\n\tB\nRUN cat 3<<C\n3\nC\n')).toEqual([
      ['A', '1\n'],
      ['B', '2\n'],
      ['C', '3\n'],
    ]);
  });

  it('are none in quotes, in JSON, in arithmetic and in <<<', () => {
    const text = 'FROM a\nRUN echo "a <<EOF b" $((1<<2))\nRUN cat <<<EOF\nCOPY ["<<EOF", "/x"]\nUSER x';
    expect(heredocs(text)).toEqual([]);
    expect(parseDockerfile(text).instructions).toHaveLength(5);
  });

  it('must be closed', () => {
    expect(problems('FROM a\nRUN cat <<EOF\n  EOF\n')).toEqual(["2:9 the heredoc 'EOF' is not closed"]);
  });
});

describe('problems', () => {
  it.each([
    ['', '1:1 the Dockerfile is empty'],
    ['# only a comment\n', '1:1 the Dockerfile is empty'],
    ['ARG A=1\n', '1:1 there is no FROM'],
    ['RUN ls\nFROM a\n', '1:1 RUN stands before the first FROM'],
    ['FROM\n', '1:1 FROM names no image'],
    ['FROM a b\n', '1:8 FROM takes an image, or an image, AS and a name'],
    ['FROM a AS 9\n', "1:11 '9' can't be the name of a stage"],
    ['FROM a\nRUM ls\n', "2:1 'RUM' is no instruction"],
    ['FROM a\nCOPY a\n', '2:1 COPY has no destination'],
    ['FROM a\nCOPY --form=b a b\n', '2:6 COPY has no flag --form'],
    ['FROM a\nCOPY --link --link a b\n', '2:13 --link is given twice'],
    ['FROM a\nCOPY --chown a b\n', '2:6 --chown has no value'],
    ['FROM a\nCOPY --from=$x a b\n', "2:6 the builder expands no variable in 'from'"],
    ['FROM a\nCOPY a <<EOF\nx\nEOF\n', '2:8 a heredoc is a source, not a destination'],
    ['FROM a\nRUN --network=x ls\n', "2:5 --network can't be 'x'"],
    ['FROM a\nRUN ["a", 1]\n', '2:1 RUN has an array with values that are no text'],
    ['FROM a\nSHELL bash\n', '2:1 SHELL takes a JSON array'],
    ['FROM a\nENV A\n', '2:5 ENV A has no value'],
    ['FROM a\nLABEL a=b c\n', "2:11 'c' has no ="],
    ['FROM a\nEXPOSE\n', '2:1 EXPOSE has no argument'],
    ['FROM a\nHEALTHCHECK CMD\n', '2:1 HEALTHCHECK CMD has no command'],
    ['FROM a\nHEALTHCHECK --interval=5 CMD ls\n', "2:13 --interval can't be '5'"],
    ['FROM a\nONBUILD FROM b\n', "2:9 ONBUILD can't be followed by FROM"],
    ['# escape=x\nFROM a\n', "1:1 'x' can't be the escape character"],
    [
      'FROM a AS x\nCOPY --from=y a b\nFROM b AS y\nCOPY --from=x a b\n',
      "2:6 this stage copies from 'y', which needs this stage",
    ],
  ])('%j', (text, expected) => {
    expect(problems(text)).toContain(expected);
  });

  it('are all reported, in order of lines', () => {
    expect(problems('FROM a AS 1\nRUM x\nCOPY y\n')).toHaveLength(3);
  });

  it('name the instruction that was meant', () => {
    expect(parseDockerfile('FROM a\nENTRYPIONT ["x"]').problems[0]?.hint).toBe('did you mean ENTRYPOINT?');
  });

  it('are none in a Dockerfile that the builder takes', () => {
    expect(
      problems(`# syntax=docker/dockerfile:1
ARG VERSION=1
FROM debian:bookworm-slim AS build
ENV A=b\\ c D="e f" OLD=g
ENV old style
LABEL org.example.title="a b" "with space"=c
HEALTHCHECK --interval=1m30s --retries=3 CMD ["curl", "-f", "http://localhost/"]
RUN --mount=type=secret,id=token --mount=type=cache,target=/var/cache/apt <<-EOF
	set -e
	make
EOF
FROM scratch
ONBUILD RUN ls
COPY --from=build --chmod=0644 --exclude=*.o --exclude=*.c /src /src
VOLUME ["/data"]
EXPOSE 80 443/tcp
STOPSIGNAL SIGTERM
CMD
`),
    ).toEqual([]);
  });
});
