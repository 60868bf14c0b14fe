/** The functions behind the placeholders of a workflow, and what their schemas say. */
import * as z from "zod";
import {
  customerCallsOf,
  functionNames,
  isStepName,
  type FunctionName,
} from "../../lambdas/access/functions.ts";
import { placeholderOf } from "../../lambdas/access/placeholder.ts";
import { steps } from "../../local/platform/steps.ts";

/** Started by a request or a schedule, not by the workflow. */
export const stepNames = functionNames.filter(isStepName);

export const byPlaceholder = new Map(stepNames.map((name) => [placeholderOf(name), name]));

export const functionOf = (placeholder: string): FunctionName => {
  const name = byPlaceholder.get(placeholder);
  if (name === undefined) throw new Error(`${placeholder} is not the placeholder of a function.`);
  return name;
};

const kindSchema = z.union([
  z.object({ const: z.string() }).transform((kind) => [kind.const]),
  z.object({ enum: z.array(z.string()) }).transform((kind) => kind.enum),
]);

const stepOf = (placeholder: string): { input: z.ZodType; output: z.ZodType } => {
  const step = steps.get(functionOf(placeholder));
  if (step === undefined) throw new Error(`There is no step for ${placeholder}.`);
  return step;
};

export const inputFieldsOf = (placeholder: string): readonly string[] => {
  const { input } = stepOf(placeholder);
  const schema = z.toJSONSchema(input, { io: "input", unrepresentable: "any" });
  return Object.keys(
    z.object({ properties: z.record(z.string(), z.unknown()) }).parse(schema).properties,
  );
};

/** Every kind that the step's output schema lets through. */
export const kindsOf = (placeholder: string): readonly string[] => {
  const { output } = stepOf(placeholder);
  const { properties } = z
    .object({ properties: z.object({ kind: kindSchema }) })
    .parse(z.toJSONSchema(output, { io: "output" }));
  return properties.kind;
};

export const changesSomething = (name: FunctionName): boolean =>
  customerCallsOf(name).some((action) => !/:(Describe|Get)/.test(action));
