/** Names of repositories. */
import { fail } from '../problems.ts';

const ownerPattern = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})$/;
const namePattern = /^[A-Za-z0-9._-]{1,100}$/;

/** @throws ProblemsError for text that is no `owner/name` */
export function splitRepository(repository: string): { readonly owner: string; readonly name: string } {
  const [owner = '', name = '', ...more] = repository.split('/');
  if (more.length > 0 || !ownerPattern.test(owner) || !namePattern.test(name) || /^\.\.?$/.test(name))
    return fail(`'${repository}' is not the name of a repository`, { hint: "write 'owner/name'" });
  return { owner, name };
}
