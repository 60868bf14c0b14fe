/** The policy as a table: each limit with its modes, default, what is allowed, unit and reason, from the schema itself. */
import * as z from "zod";
import { everyMode } from "../../core/policy/limit.ts";
import { defaultsOfLimit } from "../../core/policy/limit-defaults.ts";
import { limitName } from "../../core/policy/limit-name.ts";
import { limitKeys, modesOf, policySchema, type Policy } from "../../core/policy/policy.ts";
import { markdownTable } from "./markdown-table.ts";

/** One of several shapes, told apart by its `kind`. */
const kindSchema = z.object({ properties: z.object({ kind: z.object({ const: z.string() }) }) });

/** One of several shapes, of which some are text. */
const shapeSchema = z.object({ properties: z.record(z.string(), z.unknown()).optional() });

/** What is read of one value's JSON Schema. */
const valueSchema = z.object({
  type: z.string(),
  enum: z.array(z.string()).optional(),
  items: z
    .object({
      enum: z.array(z.string()).optional(),
      oneOf: z.array(kindSchema).optional(),
      anyOf: z.array(shapeSchema).optional(),
      properties: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  maxItems: z.number().optional(),
});
type Value = z.infer<typeof valueSchema>;

const metaSchema = { unit: z.string(), description: z.string() };

/** What is read of a limit's: a value, an object of values, or one of several values. */
const limitSchema = z.union([
  valueSchema.extend({
    properties: z.record(z.string(), valueSchema).optional(),
    ...metaSchema,
  }),
  z.object({ anyOf: z.array(valueSchema), ...metaSchema }),
]);
type Allowed = Value & { readonly properties?: Readonly<Record<string, Value>> | undefined };

const code = (text: string): string => `\`${text}\``;

/** zod writes the bounds of safe integers where an integer has none of its own. */
const isBound = (bound: number | undefined): bound is number =>
  bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;

const range = ({ type, minimum, maximum }: Value): string => {
  const kind = type === "integer" ? "whole number, " : "";
  const from = isBound(minimum) ? String(minimum) : "any";
  return isBound(maximum) ? `${kind}${from} to ${String(maximum)}` : `${kind}${from} or more`;
};

const codes = (names: readonly string[]): string => names.map(code).join(", ");

/** Fields of an object, or names. */
const shape = ({ properties }: z.infer<typeof shapeSchema>): string =>
  properties === undefined ? "names" : codes(Object.keys(properties));

/** What an item may be, or of which kind. */
const itemsOf = ({ items = {} }: Value): string => {
  const named = items.enum ?? items.oneOf?.map(({ properties }) => properties.kind.const);
  return named === undefined ? (items.anyOf ?? [items]).map(shape).join(" or ") : codes(named);
};

const allowed = (limit: Allowed): string => {
  if (limit.properties !== undefined) {
    return Object.entries(limit.properties)
      .map(([name, value]) => `${code(name)}: ${allowed(value)}`)
      .join("; ");
  }
  if (limit.enum !== undefined) return limit.enum.map(code).join(", ");
  if (limit.type === "boolean") return "`true`, `false`";
  if (limit.type === "string") return "text";
  if (limit.type !== "array") return range(limit);
  return `list of ${itemsOf(limit)}, at most ${String(limit.maxItems)}`;
};

const modes = (key: keyof Policy): string =>
  modesOf(key).length === everyMode.length ? "all" : modesOf(key).join(", ");

/** Each with its modes where they differ. */
const defaults = (key: keyof Policy): string => {
  const found = defaultsOfLimit(key);
  return found
    .map((one) => {
      const value = code(JSON.stringify(one.value));
      return found.length === 1 ? value : `${one.modes.join(", ")}: ${value}`;
    })
    .join("; ");
};

export const policyTable = (): string =>
  markdownTable(
    ["Limit", "Modes", "Default", "Allowed", "Unit", "Why"],
    limitKeys().map((key) => {
      const limit = limitSchema.parse(z.toJSONSchema(policySchema().shape[key]));
      return [
        code(limitName(key)),
        modes(key),
        defaults(key),
        "anyOf" in limit ? limit.anyOf.map(allowed).join(", or ") : allowed(limit),
        limit.unit,
        limit.description,
      ];
    }),
  );
