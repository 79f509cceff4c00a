/** What package managers are asked to install, and which requests name one exact version. */
import type { Call } from './commands.ts';
import type { Word } from './types.ts';

export interface ExactVersion extends Word {
  readonly manager: string;
  readonly name: string;
  readonly version: string;
}

interface Manager {
  readonly names: RegExp;
  /** Words that ask for an installation, e.g. `install`; behind them stand packages. */
  readonly subcommands: RegExp;
  /** Options whose next word is their value. */
  readonly valued: RegExp;
  /** Splits a package word with an exact version in name and version. */
  readonly exact: (word: string) => readonly [name: string, version: string] | undefined;
  /** An option that gives the version of the packages that are named. */
  readonly versionOption?: RegExp;
}

const none = /^$/;

const debian: Manager = {
  names: /^(?:apt|apt-get|aptitude)$/,
  subcommands: /^(?:install|reinstall|satisfy|build-dep)$/,
  valued: /^(?:-[toca]|--(?:target-release|default-release|option|config-file|host-architecture|with-source))$/,
  exact: (word) => split(word, /^([a-z0-9][a-z0-9+.-]*(?::[a-z0-9-]+)?)=([^*]+)$/i),
};

const alpine: Manager = {
  names: /^apk$/,
  subcommands: /^add$/,
  valued: /^(?:-[tXp]|--(?:virtual|repository|root|arch|keys-dir|repositories-file|cache-dir))$/,
  exact: (word) => split(word, /^([^=<>~@]+)={1,2}([^*~][^*]*)$/),
};

const redHat: Manager = {
  names: /^(?:dnf|dnf5|yum|microdnf)$/,
  subcommands: /^(?:install|reinstall|downgrade|update-to|localinstall|in)$/,
  valued: /^(?:-[cCx]|--(?:enablerepo|disablerepo|repo|repoid|installroot|releasever|exclude|setopt))$/,
  // `name-version[-release[.arch]]`: a lone number, as in gcc-toolset-12, is part of the name.
  exact: (word) =>
    word.includes('*') || word.includes('/') || word.endsWith('.rpm')
      ? undefined
      : split(word, /^([A-Za-z][\w+.-]*?)-((?:\d+:)?\d[\w~^+]*\.[\w.~^+]*(?:-\d[\w.~^+]*)?|\d[\w.~^+]*-\d[\w.~^+]*)$/),
};

const suse: Manager = {
  names: /^zypper$/,
  subcommands: /^(?:install|in|update|up)$/,
  valued: /^(?:-[Rrt]|--(?:root|repo|type|from))$/,
  exact: (word) => split(word, /^([\w.+-]+)={1,2}([^*]+)$/),
};

const python: Manager = {
  names: /^(?:pip[\d.]*|pipx|uv|poetry|pdm|pipenv)$/,
  subcommands: /^(?:install|inject|add|download|wheel)$/,
  valued:
    /^(?:-[rceitfbC]|--(?:requirement|constraint|editable|index-url|extra-index-url|default-index|index|target|find-links|prefix|root|src|trusted-host|cache-dir|proxy|timeout|retries|python|python-version|platform|implementation|abi|no-binary|only-binary|progress-bar|upgrade-strategy|config-settings|log|group|suffix))$/,
  // Environment markers come behind a semicolon; `==1.*` is a range.
  exact: (word) => {
    const [requirement = ''] = word.split(';');
    return split(
      requirement,
      /^\s*([\w.-]+)\s*(?:\[[^\]]*\])?\s*(?:\(?\s*(?:[<>!~]=?[^,=]*,\s*)*)={2,3}\s*([^\s,*)]+)(?![^,]*\*)/,
    );
  },
};

const conda: Manager = {
  names: /^(?:conda|mamba|micromamba)$/,
  subcommands: /^(?:install|create|update)$/,
  valued: /^(?:-[ncp]|--(?:name|channel|prefix|file))$/,
  exact: (word) => split(word, /^(?:[\w.-]+::)?([\w.-]+)==([^*]+)$/),
};

const semantic = /^[v=]{0,2}\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/;

const node: Manager = {
  names: /^(?:npm|yarn|pnpm|bun)$/,
  subcommands: /^(?:install|i|add|in|ins|isntall|ci|update|upgrade|up|dlx|exec)$/,
  valued: /^(?:-[Cw]|--(?:prefix|registry|cache|workspace|tag|loglevel|omit|include|dir|cwd|filter|userconfig))$/,
  exact: (word) => {
    const [, name, version] = /^(?:[^@]+@npm:)?((?:@[^/@]+\/)?[^/@:]+)@(.+)$/.exec(word) ?? [];
    return name !== undefined && version !== undefined && semantic.test(version) ? [name, version] : undefined;
  },
};

const ruby: Manager = {
  names: /^gem[\d.]*$/,
  subcommands: /^(?:install|i|update)$/,
  valued: /^(?:-[isnP]|--(?:install-dir|source|bindir|platform|trust-policy|document))$/,
  exact: (word) => split(word, /^([\w.-]+):=?\s*(\d[\w.-]*)$/),
  versionOption: /^(?:-v|--version)$/,
};

const go: Manager = {
  names: /^go[\d.]*$/,
  subcommands: /^(?:install|get)$/,
  valued: /^-(?:C|p|asmflags|buildmode|gcflags|ldflags|mod|modfile|tags|toolexec)$/,
  exact: (word) => split(word, /^([^@]+)@(v\d+\.\d+\.\d+\S*|[0-9a-f]{12,40})$/),
};

const rust: Manager = {
  names: /^cargo$/,
  subcommands: /^(?:install|add|binstall)$/,
  valued:
    /^(?:-[jF]|--(?:git|branch|tag|rev|path|root|registry|index|features|bin|example|target|target-dir|profile|jobs))$/,
  exact: (word) => split(word, /^([\w-]+)@=?(\d+\.\d+\.\d+\S*)$/),
  versionOption: /^(?:--version|--vers)$/,
};

const php: Manager = {
  names: /^composer$/,
  subcommands: /^(?:require|req|r)$/,
  valued: /^(?:-d|--working-dir)$/,
  exact: (word) => split(word, /^([\w.-]+\/[\w.-]+)[:=](v?\d+\.\d+\.\d+\S*)$/),
};

const managers: readonly Manager[] = [debian, alpine, redHat, suse, python, conda, node, ruby, go, rust, php];

/**
 * The packages that a call installs at one exact version.
 * @param expand replaces the variables that are known
 */
export function exactVersions(call: Call, expand: (text: string) => string): readonly ExactVersion[] {
  const { name, args } = asModule(call);
  const manager = managers.find(({ names }) => names.test(name));
  if (manager === undefined) return [];
  const words = args.map((word) => ({ ...word, text: expand(word.text) }));
  const { packages, versions } = requests(manager, words);
  const found = packages.flatMap((word): readonly ExactVersion[] => {
    const [package_, version] = manager.exact(word.text) ?? [];
    return package_ === undefined || version === undefined ? [] : [{ ...word, manager: name, name: package_, version }];
  });
  const given = versions.filter(({ text }) => /^=?\s*v?\d/.test(text));
  const [subject] = packages;
  return [
    ...found,
    ...given.map((word) => ({
      ...word,
      manager: name,
      name: subject?.text ?? name,
      version: word.text.replace(/^=\s*/, ''),
    })),
  ];
}

/** `python3 -m pip …` is a call of pip. */
function asModule({ name, args }: Call): { readonly name: string; readonly args: readonly Word[] } {
  if (!/^python[\d.]*$/.test(name)) return { name, args };
  const flag = args.findIndex(({ text }) => text === '-m');
  return { name: args[flag + 1]?.text ?? name, args: flag < 0 ? args : args.slice(flag + 2) };
}

/** Words behind the subcommand that are packages, and the values of the option that gives a version. */
function requests(
  { subcommands, valued, versionOption = none }: Manager,
  words: readonly Word[],
): { packages: readonly Word[]; versions: readonly Word[] } {
  const packages: Word[] = [];
  const versions: Word[] = [];
  let asked = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined) break;
    const [option = '', ...value] = word.text.split('=');
    const short = /^-v(?==?\d)/.test(word.text) && versionOption.test('-v');
    if (word.text.startsWith('-')) {
      if (short) versions.push({ ...word, text: word.text.replace(/^-v=?/, '') });
      else if (versionOption.test(option)) {
        const next = value.length > 0 ? { ...word, text: value.join('=') } : words[at + 1];
        if (value.length === 0) at += 1;
        if (next !== undefined) versions.push(next);
      } else if (valued.test(word.text)) at += 1;
    } else if (asked) packages.push(word);
    else asked = subcommands.test(word.text);
  }
  return { packages, versions };
}

function split(word: string, pattern: RegExp): readonly [string, string] | undefined {
  const [, name, version] = pattern.exec(word) ?? [];
  return name === undefined || version === undefined ? undefined : [name, version];
}
