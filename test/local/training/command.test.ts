import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "@jest/globals";
import { parseModelFile } from "../../../core/risk/model-file.ts";
import { burstyMarket } from "./market-sample.ts";

const folder = mkdtempSync(join(tmpdir(), "training-command-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const command = fileURLToPath(new URL("../../../local/main/train.ts", import.meta.url));

const run = (line: string) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...line.split(" ")], {
    encoding: "utf8",
    env: { INIT_CWD: folder },
  });
  return { status, stdout, stderr };
};

const writeTrace = (name: string, seed: number): void => {
  const { capacity, zones, ticks } = burstyMarket(name, seed);
  const meta = { name, gap_seconds: 900, unit_capacity: 1, start: "2023-02-15" };
  const rows = Array.from({ length: ticks }, (_, tick) =>
    [tick, ...capacity.map((row) => ((row[tick] ?? 0) > 0 ? 1 : 0))].join(","),
  );
  const lines = [`# ${JSON.stringify(meta)}`, ["tick", ...zones].join(","), ...rows];
  writeFileSync(join(folder, `${name}.csv`), lines.join("\n"));
};

writeTrace("one", 1);
writeTrace("two", 20);

describe("npm run train", () => {
  it("writes a valid model below where it was called, in a new folder too, and the figures as JSON", () => {
    const { status, stdout, stderr } = run(
      "--traces one.csv two.csv --hold-out two --version m-1 --out models/new/m-1.json --json",
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ version: "m-1" });
    const written: unknown = JSON.parse(readFileSync(join(folder, "models/new/m-1.json"), "utf8"));
    expect(parseModelFile(written, "m-1")).toMatchObject({ version: "m-1", kind: "logistic" });
  });

  it("ends with 2 and one line for a mistake in the options", () => {
    expect(run("--traces one.csv --hold-out three --version m --out m.json")).toEqual({
      status: 2,
      stdout: "",
      stderr: '--hold-out: there is no trace "three" among one.\n',
    });
  });

  it("ends with 1 and names file and line for malformed data", () => {
    writeFileSync(join(folder, "bad.csv"), '# {"gap_seconds":900,"unit_capacity":1}\ntick,a\n0,x');
    const { status, stderr } = run("--traces bad.csv --version m --out m.json");
    expect(status).toBe(1);
    expect(stderr).toMatch(/^bad\.csv, line 3: a is "x".*\n$/);
  });
});
