/** The steps of the list of functions, each loaded from its folder: a new one needs a folder and a row there, nothing here. */
import { functionNames, functionRows, type FunctionName } from "../../lambdas/access/functions.ts";
import type { StartContext } from "../../lambdas/evaluation/start.ts";
import type { ClientName, StepContext } from "../../lambdas/runtime/context.ts";
import type { Step } from "../../lambdas/runtime/step.ts";

/** A step as it is loaded: one that starts evaluations needs more than the context of all steps. */
export type AnyStep = Step<unknown, unknown, StepContext<ClientName> & StartContext>;

const isStep = (value: unknown): value is AnyStep =>
  typeof value === "object" && value !== null && "run" in value && "input" in value;

/** @throws Error for a folder whose step.ts does not export exactly one step */
const loadStep = async (name: FunctionName): Promise<AnyStep> => {
  const { folder } = functionRows[name];
  const module = (await import(`../../${folder}/step.ts`)) as Readonly<Record<string, unknown>>;
  const [step, ...others] = Object.values(module).filter(isStep);
  if (step !== undefined && others.length === 0) return step;
  throw new Error(
    `${folder}/step.ts exports ${String(step === undefined ? 0 : others.length + 1)} steps, not one.`,
  );
};

/** By function name. All but the API, which is an application of its own. */
export const steps: ReadonlyMap<FunctionName, AnyStep> = new Map(
  await Promise.all(
    functionNames
      .filter((name) => name !== "api")
      .map(async (name) => [name, await loadStep(name)] as const),
  ),
);
