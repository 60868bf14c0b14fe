/** The workflows by the rules of asl-validator, which has its schema from the States Language specification. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { workflowName, workflows, type WorkflowMode } from "../../statemachines/workflows.ts";
import { runToEnd } from "./child.ts";
import { nodePackage } from "./tools.ts";

const validate = async (definition: unknown): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), "spot-optimizer-asl-"));
  try {
    const file = join(folder, "workflow.asl.json");
    writeFileSync(file, JSON.stringify(definition));
    const { code, output } = await runToEnd({
      command: process.execPath,
      args: [nodePackage("asl-validator/dist/bin/asl-validator.js"), "--json-path", file],
    });
    return code === 0 ? "" : output;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

describe("asl-validator", () => {
  it.each(
    (Object.keys(workflows) as WorkflowMode[]).map((mode) => ({ name: workflowName(mode), mode })),
  )("finds nothing wrong in the workflow $name", async ({ mode }) => {
    expect(await validate(workflows[mode])).toBe("");
  });

  it("finds a state that leads nowhere, so that its silence says something", async () => {
    const lost = { StartAt: "A", States: { A: { Type: "Pass", Next: "B" } } };
    expect(await validate(lost)).not.toBe("");
  });
});
