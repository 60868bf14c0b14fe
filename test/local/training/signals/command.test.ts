import { describe, expect, it } from "@jest/globals";
import { measureSignals } from "../../../../local/training/signals/command.ts";
import { temporaryFiles } from "../../backtest/temporary-files.ts";
import { recordingTerminal } from "../../terminal/recording-terminal.ts";
import { burstyMarket } from "../market-sample.ts";

const { folder, write } = temporaryFiles();

const writeTrace = (name: string, seed: number, most: number): void => {
  const { capacity, zones, ticks } = burstyMarket(name, seed);
  const meta = { name, gap_seconds: 900, unit_capacity: most };
  const rows = Array.from({ length: ticks }, (_, tick) =>
    [tick, ...capacity.map((row) => ((row[tick] ?? 0) > 0 ? most - (tick % most) : 0))].join(","),
  );
  write(
    `${name}.csv`,
    [`# ${JSON.stringify(meta)}`, ["tick", ...zones].join(","), ...rows].join("\n"),
  );
};

writeTrace("one", 1, 1);
writeTrace("two", 20, 2);
write("calm.csv", '# {"name":"calm","gap_seconds":900,"unit_capacity":1}\ntick,a\n0,1\n1,1');

const run = (args: string) => {
  const { terminal, said } = recordingTerminal({ folder });
  return { code: measureSignals(args.split(" "), terminal), ...said };
};

describe("npm run signals", () => {
  it("prints what foretells losses, in tables", () => {
    const { code, stdout, stderr } = run("--traces one.csv two.csv --hold-out two --seeds 1");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("half-life    choosing part  held out");
    expect(stdout).toMatch(/two {4}when a part was lost +\d+ +\d+\.\d % \(\d+\.\d %\)/);
    expect(stdout).toContain("nothing is announced");
  });

  it("says where no trace counts instances", () => {
    expect(run("--traces one.csv --seeds 1").stdout).toContain(
      "No trace counts instances: nothing is known of partial losses.",
    );
  });

  it("prints one document, the same each time", () => {
    const { stdout } = run("--traces one.csv --seeds 1 --json");
    expect(Object.keys(JSON.parse(stdout) as object)).toEqual([
      "lossWeight",
      "partialLosses",
      "recommendations",
    ]);
    expect(run("--traces one.csv --seeds 1 --json").stdout).toBe(stdout);
  });

  it.each([
    ["--traces one.csv --hold-out three", 2, '--hold-out: there is no trace "three" among one.'],
    ["--traces one.csv --lead soon", 2, '--lead: "soon" is not a number from 0 to 1000000.'],
  ])("%s is refused in one line", (args, code, sentence) => {
    expect(run(args)).toMatchObject({ code, stdout: "", stderr: `${sentence}\n` });
  });

  it("ends with 1 where the data do not tell", () => {
    const { code, stderr, stdout } = run("--traces calm.csv");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("calm has no example");
  });
});
