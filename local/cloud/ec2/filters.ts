/** EC2's filters: names mapped to values of a record, `*` and `?` as wildcards, `tag:` and `tag-key` for all. */
import type { Filter } from "@aws-sdk/client-ec2";
import { refuse } from "./refusals.ts";
import type { Resource } from "./state.ts";

type Value = string | number | boolean | undefined;
export type Fields<T> = Readonly<Record<string, (record: T) => Value | readonly Value[]>>;

const matcherOf = (pattern: string): ((value: string) => boolean) => {
  if (!/[*?]/.test(pattern)) return (value) => value === pattern;
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  const expression = new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s");
  return (value) => expression.test(value);
};

/** Names every kind of resource knows. */
export const tagFields = <T extends Resource>(): Fields<T> => ({
  "tag-key": (record) => Object.keys(record.tags),
  "tag-value": (record) => Object.values(record.tags),
});

const tagOf = (record: unknown, key: string): string | undefined =>
  (record as { readonly tags?: Record<string, string> }).tags?.[key];

const valuesOf = <T>(name: string, record: T, fields: Fields<T>): readonly Value[] => {
  if (name.startsWith("tag:")) return [tagOf(record, name.slice("tag:".length))];
  const read = fields[name];
  if (read === undefined) throw refuse("InvalidParameterValue", `The filter '${name}' is invalid`);
  const value = read(record);
  return Array.isArray(value) ? (value as readonly Value[]) : [value as Value];
};

/** @throws CloudError for a filter that the operation does not know. */
export const applyFilters = <T>(
  records: readonly T[],
  filters: readonly Filter[] | undefined,
  fields: Fields<T>,
): readonly T[] => {
  for (const { Name = "" } of filters ?? []) {
    if (!Name.startsWith("tag:") && fields[Name] === undefined) {
      throw refuse("InvalidParameterValue", `The filter '${Name}' is invalid`);
    }
  }
  // Made once for all records: an account may have thousands.
  const wanted = (filters ?? []).map(({ Name = "", Values = [] }) => ({
    name: Name,
    matchers: Values.map(matcherOf),
  }));
  return records.filter((record) =>
    wanted.every(({ name, matchers }) =>
      valuesOf(name, record, fields).some(
        (value) => value !== undefined && matchers.some((matches) => matches(String(value))),
      ),
    ),
  );
};
