import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "@jest/globals";

const folders: string[] = [];

/** One file that imports another, judged by the house's own rules. */
const judge = (from: string, to: string) => {
  const folder = mkdtempSync(join(tmpdir(), "bill-"));
  folders.push(folder);
  const write = (path: string, text: string): void => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  write(to, "export const two = 2;\n");
  const upwards = "../".repeat(from.split("/").length - 1);
  write(from, `import { two } from "${upwards}${to}";\nexport const one = two;\n`);
  const program = "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs";
  const { status, stdout } = spawnSync(process.execPath, [program, folder], { encoding: "utf8" });
  return { isRefused: status !== 0, stdout };
};

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe("the simulated bill and the savings ledger", () => {
  it.each([
    ["core/ledger/terms.ts", "local/cloud/billing/rounding.ts", "rounding-of-the-bill"],
    ["lambdas/ledger/day/step.ts", "local/cloud/billing/prices.ts", "rounding-of-the-bill"],
    ["local/lab/ledger.ts", "local/cloud/billing/instance-runs.ts", "rounding-of-the-bill"],
    ["local/cloud/billing/service.ts", "core/ledger/money.ts", "bill-without-ledger"],
    ["local/cloud/billing/meter.ts", "core/model/ledger/terms.ts", "bill-without-ledger"],
  ])("don't count alike: %s does not import %s", (from, to, rule) => {
    const { isRefused, stdout } = judge(from, to);
    expect(stdout).toContain(`error ${rule}`);
    expect(isRefused).toBe(true);
  });

  it.each([
    ["local/platform/platform.ts", "local/cloud/billing/service.ts"],
    ["local/cloud/billing/meter.ts", "local/cloud/ec2/metered.ts"],
  ])("may be asked for what it says: %s imports %s", (from, to) => {
    expect(judge(from, to)).toMatchObject({ isRefused: false });
  });
});
