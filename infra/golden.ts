/**
 * The workflows as plain ASL with their placeholders, for Workflow Studio and for reading in a diff.
 * `npm run golden` writes them; with `--check` it only says which are out of date.
 */
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

const write = (): void => {
  mkdirSync(folder, { recursive: true });
  for (const [name, workflow] of all) {
    writeFileSync(fileOf(name), goldenText(workflow));
  }
};

const main = (isCheck: boolean): void => {
  const outdated = outdatedWorkflows();
  if (!isCheck) write();
  else if (outdated.length > 0) {
    process.stderr.write(
      `statemachines/golden is out of date for ${outdated.join(", ")}: run \`npm run golden\` and commit.\n`,
    );
    process.exitCode = 1;
    return;
  }
  const state = isCheck ? "up to date" : `written (${String(outdated.length)} changed)`;
  process.stdout.write(`statemachines/golden: ${state}.\n`);
};

if (import.meta.main) main(process.argv.includes("--check"));
