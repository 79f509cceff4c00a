/** Kolla's filter for lists that operators change: https://docs.openstack.org/kolla/latest/admin/image-building.html#packages-customisation */
import { bindArguments, contains, equal, type Filter, iterate, raise, Undefined, type Value } from '../python/index.ts';
import { TemplateEvaluation } from './evaluation.ts';

/**
 * `list | customizable('packages')`: the variable `<image>_packages_override` instead of the list if there is one, else
 * the list with what `<image>_packages_append` adds and without what `<image>_packages_remove` names. Variables are
 * those of the image and those that the template sets at its top, as in a template override. The list itself changes.
 */
export const customizable: Filter = (evaluation, value, args, kwargs) => {
  const [kind] = bindArguments({ name: 'customizable', names: ['kind'], required: 1 }, args, kwargs);
  const context = evaluation instanceof TemplateEvaluation ? evaluation.context : undefined;
  if (context === undefined || value instanceof Undefined) return value;
  const image = context.resolve('image_name');
  if (typeof image !== 'string' || typeof kind !== 'string')
    return raise("customizable needs the variable 'image_name' and the kind of the list, both texts");
  const find = (change: string): Value | undefined =>
    context.resolve(`${image.replaceAll('-', '_')}_${kind}_${change}`);
  const override = find('override');
  if (override !== undefined) return override;
  const [append, remove] = [find('append'), find('remove')];
  if (append === undefined && remove === undefined) return value;
  if (!Array.isArray(value)) return raise('customizable changes lists, and this is none');
  if (append !== undefined) {
    const items = [...iterate(append)];
    evaluation.limits.grow(value.length + items.length);
    value.push(...items);
  }
  if (remove !== undefined)
    for (const item of iterate(remove))
      if (contains(value, item, evaluation))
        value.splice(
          value.findIndex((own) => equal(own, item, evaluation)),
          1,
        );
  return value;
};
