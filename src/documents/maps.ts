/** Schemas of maps. The library's own take a list for a map from 0 on. */
import * as v from 'valibot';

type Key = v.BaseSchema<string, string | number | symbol, v.BaseIssue<unknown>>;

/** A map with these keys and no others. */
export function map<const Entries extends v.ObjectEntries>(entries: Entries): v.StrictObjectSchema<Entries, undefined> {
  return refusingLists(v.strictObject(entries));
}

/** A map with these keys, and perhaps others. */
export function looseMap<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.LooseObjectSchema<Entries, undefined> {
  return refusingLists(v.looseObject(entries));
}

/** A map whose keys and values are all of one kind. */
export function mapOf<const K extends Key, const Value extends v.GenericSchema>(
  key: K,
  value: Value,
): v.RecordSchema<K, Value, undefined> {
  return refusingLists(v.record(key, value));
}

function refusingLists<Schema extends v.GenericSchema>(schema: Schema): Schema {
  const run: Schema['~run'] = function (this: Schema, dataset, config) {
    if (!Array.isArray(dataset.value)) return schema['~run'].call(this, dataset, config);
    v._addIssue(this, 'type', dataset, config);
    return dataset as v.UnknownDataset & { issues: [v.BaseIssue<unknown>] };
  };
  return { ...schema, '~run': run };
}
