/** Where our verdict is another on purpose: why, by `oracle: name of the case`. */
export const explained: Readonly<Record<string, string>> = {
  'hadolint: explained, several build arguments in one ARG':
    'hadolint reads the first name of an ARG only; a secret in the second is as visible',
  'hadolint: explained, a script that is not closed':
    'ShellCheck gives up on a script that a shell would refuse; ours goes on as far as it can read',
  'hadolint: explained, a platform that is empty':
    'hadolint takes the quotes for a platform; to the builder an empty one is none',
};
