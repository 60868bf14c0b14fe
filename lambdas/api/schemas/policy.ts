/** The policy as the API shows it: derived from the core's schema, so that a new limit appears here by itself. */
import * as z from "../zod.ts";
import { defaultsOfLimit, type LimitDefault } from "../../../core/policy/limit-defaults.ts";
import { limitName } from "../../../core/policy/limit-name.ts";
import {
  limitKeys,
  modesOf,
  policyOverridesSchema,
  policySchema,
  type Policy,
  type PolicyOverrides,
} from "../../../core/policy/policy.ts";
import { camelKeys, snakeKeys, type SnakeKeys } from "../letter-case.ts";

export type PolicyJson = SnakeKeys<Policy>;
export type PolicyOverridesJson = Partial<PolicyJson>;
/** In a PATCH, null takes an override away: the default applies again. */
export type PolicyChangeJson = { [Name in keyof PolicyJson]?: PolicyJson[Name] | null };

/** `default` where all modes agree: a reader of the document may rely on it. */
const defaultMeta = (defaults: readonly LimitDefault[]): object => {
  const [first, ...others] = defaults;
  if (others.length === 0) return { default: first?.value };
  return {
    "x-default-by-mode": Object.fromEntries(
      defaults.flatMap(({ modes, value }) => modes.map((mode) => [mode, value])),
    ),
  };
};

const defaultSentence = (defaults: readonly LimitDefault[]): string =>
  defaults
    .map(({ modes, value }) =>
      defaults.length === 1
        ? JSON.stringify(value)
        : `${JSON.stringify(value)} in ${modes.join(" and ")}`,
    )
    .join(", ");

const limits = limitKeys().map((key) => {
  const schema = policySchema().shape[key];
  const meta = schema.meta();
  const unit = String(meta?.["unit"]);
  const modes = modesOf(key);
  const defaults = defaultsOfLimit(key);
  const shared = { "x-unit": unit, "x-modes": modes };
  const description = `${meta?.description ?? ""} Unit: ${unit}. Modes: ${modes.join(", ")}. Default: ${defaultSentence(defaults)}.`;
  return {
    name: limitName(key),
    schema: schema.unwrap() as z.ZodType,
    appliedMeta: { description, ...shared },
    meta: { description, ...defaultMeta(defaults), ...shared },
  };
});

const objectOf = (field: (limit: (typeof limits)[number]) => z.ZodType) =>
  z.strictObject(Object.fromEntries(limits.map((limit) => [limit.name, field(limit)])));

/** All limits, as applied by one evaluation. */
export const policyJsonSchema = objectOf((limit) => limit.schema.meta(limit.appliedMeta)).meta({
  id: "Policy",
  description:
    "Every limit as it was applied. One that does not apply to the mode has its default.",
}) as unknown as z.ZodType<PolicyJson>;

export const policyOverridesJsonSchema = objectOf((limit) =>
  limit.schema.exactOptional().meta(limit.meta),
).meta({
  id: "PolicyOverrides",
  description:
    "Limits that differ from their defaults. Absent ones keep the default. One that does not apply to the pipeline mode is refused.",
  example: { min_savings_percent: 20, max_risk: 0.2 },
}) as unknown as z.ZodType<PolicyOverridesJson>;

export const policyChangeJsonSchema = objectOf((limit) =>
  limit.schema.nullable().exactOptional().meta(limit.meta),
).meta({
  id: "PolicyChange",
  description:
    "Overrides to set; null takes one away, so that the default applies again. Others stay as they are. One that does not apply to the pipeline mode is refused, also one that a change of the mode would leave behind.",
  example: { min_savings_percent: 25, max_risk: null },
}) as unknown as z.ZodType<PolicyChangeJson>;

/** The body was checked limit by limit already; parsing again gives the core's own type. */
export const overridesFromJson = (overrides: PolicyOverridesJson): PolicyOverrides =>
  policyOverridesSchema().parse(camelKeys(overrides));

export const overridesToJson = (overrides: PolicyOverrides): PolicyOverridesJson =>
  snakeKeys(overrides);

export const changedOverrides = (
  before: PolicyOverrides,
  change: PolicyChangeJson,
): PolicyOverrides =>
  overridesFromJson(
    Object.fromEntries(
      Object.entries({ ...overridesToJson(before), ...change }).filter(
        ([, value]) => value !== null,
      ),
    ),
  );
