/** How Go shows the mode of a file: https://pkg.go.dev/io/fs#FileMode.String */
import type { Header } from 'tar-stream';

const types: Readonly<Record<string, string>> = {
  directory: 'd',
  symlink: 'L',
  'block-device': 'D',
  fifo: 'p',
  'character-device': 'Dc',
};

/** `-rw-r--r--`, `dtrwxrwxrwx`, `ugrwxr-xr-x`. Pure. */
export function goMode({ type, mode = 0 }: Pick<Header, 'type' | 'mode'>): string {
  const before = [
    types[type ?? 'file'] ?? '',
    (mode & 0o4000) === 0 ? '' : 'u',
    (mode & 0o2000) === 0 ? '' : 'g',
    (mode & 0o1000) === 0 ? '' : 't',
  ].join('');
  const bits = [...'rwxrwxrwx'].map((letter, index) => ((mode & (0o400 >> index)) === 0 ? '-' : letter)).join('');
  return `${before === '' ? '-' : before}${bits}`;
}
