/** Deployments in tests: functions that note of which release they are. */
import { functionNames, isStepName, type FunctionName } from "../../lambdas/access/functions.ts";
import type { Platform } from "../../local/platform/platform.ts";
import { steps, type AnyStep } from "../../local/platform/steps.ts";

const workflowSteps = functionNames.filter(isStepName);

/** The release of a step that notes that it ran. */
export const noting = (release: string, ran: string[]): ReadonlyMap<FunctionName, AnyStep> =>
  new Map(
    workflowSteps.map((name) => {
      const step = steps.get(name);
      if (step === undefined) throw new Error(`${name} has no step.`);
      const run: AnyStep["run"] = (context, input) => {
        ran.push(`${release} ${name}`);
        return step.run(context, input);
      };
      return [name, { ...step, run }];
    }),
  );

export const releasesOf = (ran: readonly string[]): readonly string[] => [
  ...new Set(ran.map((line) => line.split(" ")[0] ?? "")),
];

/** Right after the first answer of that function. */
export const afterAnswerOf = (
  { functions }: Pick<Platform, "functions">,
  name: FunctionName,
  act: () => void,
): void => {
  const invoke = functions.invoke.bind(functions);
  functions.invoke = async (invoked, payload, arn) => {
    const answer = await invoke(invoked, payload, arn);
    if (invoked === name) {
      functions.invoke = invoke;
      act();
    }
    return answer;
  };
};
