import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { drainRuns, measureDrains, type MeasuredDrain } from "../../../local/bench/drain.ts";
import { drainReport } from "../../../local/bench/report.ts";
import {
  drainByKubectl,
  type Drainer,
  type DrainFigures,
} from "../../../local/kube/drain-measure.ts";
import type { DrainScenario } from "../../../local/kube/drain-scenario.ts";

const figures = (seconds: number, requests: number): DrainFigures => ({
  seconds,
  requests,
  refused: 0,
  left: 0,
  leastHealthy: 10,
});

interface Measured {
  readonly drains: readonly MeasuredDrain[];
  readonly asked: readonly string[];
}

/** @param take seconds of our runs, one after the other */
const measured = async (take: readonly number[]): Promise<Measured> => {
  const asked: string[] = [];
  const ours = [...take];
  const measure = (scenario: DrainScenario, drain: Drainer): Promise<DrainFigures> => {
    const isKubectl = drain === drainByKubectl;
    asked.push(`${String(scenario.pace.readyMs)} ${isKubectl ? "kubectl" : "ours"}`);
    return Promise.resolve(isKubectl ? figures(100, 1000) : figures(ours.shift() ?? NaN, 300));
  };
  const drains = await measureDrains({ measure, progress: () => undefined });
  return { drains, asked };
};

describe("the figures of a drain", () => {
  const fast = [59, 20, 61];
  const slow = [84, 86, 99];

  it("are of three runs each, in turn, so that what else runs disturbs both", async () => {
    const { asked } = await measured([...fast, ...slow]);
    const inTurn = (readyMs: string) =>
      Array.from({ length: drainRuns }, () => [`${readyMs} kubectl`, `${readyMs} ours`]).flat();
    expect(asked).toEqual([...inTurn("2000"), ...inTurn("10000")]);
  });

  it("are medians beside those of kubectl, each with its aim, and the least that the pods allow", async () => {
    const { drains } = await measured([...fast, ...slow]);
    expect(drains.map(({ shares, meets }) => [shares.seconds, meets])).toEqual([
      [0.59, { seconds: true, requests: true }],
      [0.86, { seconds: false, requests: true }],
    ]);
    expect(drains.map(({ leastSeconds }) => leastSeconds)).toEqual([21, 103]);
  });

  it("are told with the aim that was missed", async () => {
    const { drains } = await measured([...fast, ...slow]);
    const report = drainReport(drains);
    expect(report).toContain("59.0 % of kubectl's seconds, aim ≤ 60 %: pass");
    expect(report).toContain("86.0 % of kubectl's seconds, aim ≤ 85 %: MISS");
  });

  it("are not there without Go, which a sentence says", () => {
    const bench = join(import.meta.dirname, "../../../local/main/bench.ts");
    const { status, stdout } = spawnSync(process.execPath, [bench, "--drain"], {
      env: { PATH: "" },
      encoding: "utf8",
    });
    expect(stdout).toBe("The drain of a node was not measured: Go is not on the PATH.\n");
    expect(status).toBe(0);
  }, 60_000);
});
