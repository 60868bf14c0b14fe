/** The policy as the API shows it: derived from the core's schema, so that a new limit appears here by itself. */
import { z } from "@hono/zod-openapi";
import {
  policyOverridesSchema,
  policySchema,
  type Policy,
  type PolicyOverrides,
} from "../../../core/policy/policy.ts";
import { snakeName } from "../../../core/snake-name.ts";
import { camelKeys, snakeKeys, type SnakeKeys } from "../letter-case.ts";

export type PolicyJson = SnakeKeys<Policy>;
export type PolicyOverridesJson = Partial<PolicyJson>;
/** In a PATCH, null takes an override away: the default applies again. */
export type PolicyChangeJson = { [Name in keyof PolicyJson]?: PolicyJson[Name] | null };

const limits = Object.entries(policySchema.shape).map(([name, schema]) => {
  const standard = schema.parse(undefined);
  const meta = schema.meta();
  const unit = String(meta?.["unit"]);
  return {
    name: snakeName(name),
    schema: schema.unwrap() as z.ZodType,
    meta: {
      description: `${meta?.description ?? ""} Unit: ${unit}. Default: ${JSON.stringify(standard)}.`,
      default: standard,
      "x-unit": unit,
    },
  };
});

const objectOf = (field: (limit: (typeof limits)[number]) => z.ZodType) =>
  z.strictObject(Object.fromEntries(limits.map((limit) => [limit.name, field(limit)])));

/** All limits, as applied by one evaluation. */
export const policyJsonSchema = objectOf((limit) =>
  limit.schema.meta({ description: limit.meta.description, "x-unit": limit.meta["x-unit"] }),
).meta({
  id: "Policy",
  description: "Every limit as it was applied.",
}) as unknown as z.ZodType<PolicyJson>;

export const policyOverridesJsonSchema = objectOf((limit) =>
  limit.schema.exactOptional().meta(limit.meta),
).meta({
  id: "PolicyOverrides",
  description: "Limits that differ from their defaults. Absent ones keep the default.",
  example: { min_savings_percent: 20, max_risk: 0.2 },
}) as unknown as z.ZodType<PolicyOverridesJson>;

export const policyChangeJsonSchema = objectOf((limit) =>
  limit.schema.nullable().exactOptional().meta(limit.meta),
).meta({
  id: "PolicyChange",
  description:
    "Overrides to set; null takes one away, so that the default applies again. Others stay as they are.",
  example: { min_savings_percent: 25, max_risk: null },
}) as unknown as z.ZodType<PolicyChangeJson>;

/** The body was checked limit by limit already; parsing again gives the core's own type. */
export const overridesFromJson = (overrides: PolicyOverridesJson): PolicyOverrides =>
  policyOverridesSchema.parse(camelKeys(overrides));

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
