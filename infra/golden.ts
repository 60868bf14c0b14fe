/** The workflows as plain ASL with their placeholders, for Workflow Studio and for reading in a diff. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { StateMachine } from "../statemachines/asl.ts";
import { workflowName, workflows, type WorkflowMode } from "../statemachines/workflows.ts";

const folder = new URL("../statemachines/golden/", import.meta.url);

export const goldenText = (workflow: StateMachine): string =>
  `${JSON.stringify(workflow, null, 2)}\n`;

const all = (Object.keys(workflows) as WorkflowMode[]).map(
  (mode) => [workflowName(mode), workflows[mode]] as const,
);

const fileOf = (name: string): URL => new URL(`${name}.asl.json`, folder);

/** Names of the workflows whose file is absent or differs. */
export const outdatedWorkflows = (): readonly string[] =>
  all
    .filter(([name, workflow]) => {
      const file = fileOf(name);
      return !existsSync(file) || readFileSync(file, "utf8") !== goldenText(workflow);
    })
    .map(([name]) => name);

export const writeGoldenWorkflows = (): void => {
  mkdirSync(folder, { recursive: true });
  for (const [name, workflow] of all) {
    writeFileSync(fileOf(name), goldenText(workflow));
  }
};
