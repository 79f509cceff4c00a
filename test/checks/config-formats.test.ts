import { describe, expect, it } from '@jest/globals';
import { type ConfigFormat, formatOf, parseConfig } from '../../src/checks/config-formats.ts';
import { parseJsonPath, valueAt } from '../../src/checks/json-path.ts';
import { valuesBreaches } from '../../src/checks/kinds/config.ts';

describe('a configuration file', () => {
  it.each<[ConfigFormat, string, string, unknown]>([
    ['ini', 'name = web\n[server]\nport = 8080\n', 'server.port', '8080'],
    ['json', '{"server": {"port": 8080}}', 'server.port', 8080],
    ['yaml', 'server:\n  ports: [80, 443]\n', 'server.ports[1]', 443],
    ['toml', '[server]\nport = 8080\n', 'server.port', 8080],
    ['xml', '<Server port="8005"><Service name="a"/><Service name="b"/></Server>', "Server.Service[1]['@name']", 'b'],
    ['xml', '<a><b>0080</b></a>', 'a.b', '0080'],
    ['env', 'export PORT="80 80" # comment\nNAME=web\n', 'PORT', '80 80'],
    ['nginx', 'http { server { listen 80; } server { listen 443 ssl; } }', 'http.server[1].listen', '443 ssl'],
  ])('in the format %s is read: %s', async (format, text, path, value) => {
    expect(valueAt(await parseConfig(text, format), parseJsonPath(path) ?? [])).toEqual(value);
  });

  it.each<[ConfigFormat, string]>([
    ['json', '{'],
    ['yaml', 'a: [b'],
    ['toml', '= 1'],
    ['xml', '<a><b></a>'],
    ['nginx', 'a b'],
    ['nginx', 'a { b;'],
    ['nginx', '}'],
    ['nginx', 'a "b'],
  ])('that is no %s is refused', async (format, text) => {
    await expect(parseConfig(text, format)).rejects.toThrow();
  });

  it('tells its format by its name, where it can', () => {
    expect(formatOf('/etc/app/app.yml')).toBe('yaml');
    expect(formatOf('/srv/.env')).toBe('env');
    expect(formatOf('/etc/nginx/nginx.conf')).toBeUndefined();
  });

  it('keeps quotes, comments and blocks of nginx apart', async () => {
    const text =
      '# user nobody;\nlog_format main \'$remote_addr; "$request"\';\nlocation ~ \\.php$ { root /srv; }\nlocation / { }\n';
    expect(await parseConfig(text, 'nginx')).toEqual({
      log_format: 'main $remote_addr; "$request"',
      'location ~ \\.php$': { root: '/srv' },
      'location /': {},
    });
  });
});

describe('values of a configuration file', () => {
  const document = { port: '8080', workers: 4, list: [1, 2], name: 'web-1' };

  it('are compared with their type, or as text where the format has none', () => {
    expect(valuesBreaches(document, { port: 8080, workers: 4, list: [1, 2], none: null })).toEqual([]);
    expect(valuesBreaches(document, { workers: '4', list: [1] })).toEqual([
      'workers is 4, expected "4"',
      'list is [1,2], expected [1]',
    ]);
  });

  it('are matched by a rule', () => {
    expect(valuesBreaches(document, { name: { matches: '^web-\\d$' } })).toEqual([]);
    expect(valuesBreaches(document, { name: { contains: 'db' }, none: { contains: 'x' }, port: null })).toEqual([
      "name does not contain 'db'",
      "name is 'web-1'",
      'none is not there',
      'port is there, with "8080"',
    ]);
  });
});
