import { describe, expect, it } from '@jest/globals';
import { code, codeBlock, details, document, escapeText, link, table } from '../../src/reports/index.ts';

describe('a table', () => {
  it('has a line for each row and fills up short ones', () => {
    expect(table(['Image', 'Builds'], [['web', 2], ['api']])).toBe(
      ['| Image | Builds |', '| --- | --- |', '| web | 2 |', '| api |  |'].join('\n'),
    );
  });

  it('keeps cells with bars and line breaks in one cell', () => {
    const [, , row] = table(['A', 'B'], [['a|b\nc', code('d|e')]]).split('\n');
    expect(row).toBe('| a&#124;b c | <code>d&#124;e</code> |');
  });
});

describe('text from outside', () => {
  it.each([
    ['<img src=x onerror=alert(1)>', /[<>]/],
    ['&lt;b&gt;', /&lt;|&gt;/],
    ['[x](https://evil.example)', /\[|\]/],
    ['https://evil.example', /:\/\//],
    ['www.evil.example', /www\./],
    ['mailto:a@evil.example', /mailto:|\w@/],
    ['@octocat', /^@/],
    ['#123', /^#/],
    [':smile:', /:smile:/],
    ['**a** _b_ ~~c~~ `d` $e$', /[*_~`$]/],
    ['a\u202egnp.exe\u0000\u001b[31m', /[\u202e\p{Cc}]/u],
  ])('%j does nothing', (text, forbidden) => {
    expect(escapeText(text)).not.toMatch(forbidden);
  });

  it('stays readable where it means nothing special', () => {
    const reference = 'ghcr.io/acme/web-1.2:latest (linux/amd64), see #label';
    expect(escapeText(reference)).toBe(reference);
  });

  it('can not leave a code span or a code block', () => {
    expect(code('a ``b`` c').markdown).toBe('```a ``b`` c```');
    expect(code('`a').markdown).toBe('`` `a ``');
    expect(codeBlock('a\n```\n# b')).toBe('````text\na\n```\n# b\n````');
  });

  it('can not leave the title of what is folded', () => {
    expect(details('</summary><b>', 'x')).toBe(
      '<details><summary>&#60;/summary&#62;&#60;b&#62;</summary>\n\nx\n\n</details>',
    );
  });

  it('is a link only where it leads to the web', () => {
    expect(link('run', 'https://example.org/a_(b)?c|d').markdown).toBe('[run](https://example.org/a%5F%28b%29?c%7Cd)');
    expect(link('run', 'javascript:alert(1)').markdown).toBe('run');
    expect(link('run', 'no address').markdown).toBe('run');
  });
});

describe('a document', () => {
  it('is its parts, without the empty ones', () => {
    expect(document(['a', '', 'b'])).toBe('a\n\nb');
  });

  it('that is too long keeps whole table rows, says so, and fits', () => {
    const rows = Array.from({ length: 500 }, (_, index) => [`image ${index} ä`]);
    const text = document(['# Title', table(['Image'], rows), 'the end'], 2000);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2000);
    expect(text).toMatch(/\| image 50 ä \|\n/);
    expect(text).toMatch(/\|\n\n_This summary is too long[^\n]*_$/);
    expect(text).not.toContain('the end');
  });

  it('that is too long leaves out what can not be cut', () => {
    const text = document(['# Title', codeBlock('x\n'.repeat(2000))], 1000);
    expect(text).toMatch(/^# Title\n\n_This summary/);
  });
});
