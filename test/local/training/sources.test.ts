import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { readSources, sourceOf } from "../../../local/training/sources.ts";
import { marketOf } from "./market-sample.ts";

const folder = mkdtempSync(join(tmpdir(), "training-sources-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const fileOf = (name: string, lines: readonly string[]): string => {
  const path = join(folder, name);
  writeFileSync(path, lines.join("\n"));
  return path;
};

const traceOf = (file: string, name: string): string =>
  fileOf(file, [
    `# ${JSON.stringify({ name, gap_seconds: 900, unit_capacity: 1 })}`,
    "tick,us-east-1a",
    ...Array.from("1101111111", (level, tick) => `${String(tick)},${level}`),
  ]);

describe("sources", () => {
  it("are a trace each, and all types of a price file as one", () => {
    const prices = fileOf("prices.csv", [
      "instance_type,az,timestamp_utc,spot_usd_per_h",
      ...["m4.large", "m3.large"].flatMap((type) =>
        ["us-east-1a", "us-east-1b"].flatMap((zone) => [
          `${type},${zone},2016-02-25T00:00:00,0.05`,
          `${type},${zone},2016-02-25T04:00:00,0.2`,
          `${type},${zone},2016-02-25T09:00:00,0.05`,
        ]),
      ),
    ]);
    const onDemand = fileOf("on-demand.csv", [
      "instance_type,ondemand_usd_per_h",
      "m4.large,0.1",
      "m3.large,0.1",
    ]);
    const sources = readSources({
      tracePaths: [traceOf("one.csv", "one")],
      priceFiles: { pricesPath: prices, onDemandPath: onDemand },
    });
    expect(sources.map(({ name, kind }) => [name, kind])).toEqual([
      ["one", "trace"],
      ["prices", "prices"],
    ]);
    expect(new Set(sources[1]?.examples.map(({ market }) => market))).toEqual(
      new Set(["prices m3.large", "prices m4.large"]),
    );
  });

  it("are refused where two have one name", () => {
    const tracePaths = [traceOf("one.csv", "same"), traceOf("two.csv", "same")];
    expect(() => readSources({ tracePaths })).toThrow("Two of the files are called same.");
  });

  it.each([
    ["0000000000", "sample has no example"],
    ["111", "sample has no example"],
    ["1111111111", "sample has no loss"],
  ])("are refused where nothing can be learnt: %s", (row, message) => {
    const sample = { name: "sample", kind: "trace" } as const;
    expect(() => sourceOf(sample, [marketOf({ "us-east-1a": row })])).toThrow(message);
  });

  it("state what is trained on only where the recording states its start", () => {
    const market = marketOf({ "us-east-1a": "1101111111" });
    const sample = { name: "sample", kind: "trace" } as const;
    expect(sourceOf(sample, [market])).not.toHaveProperty("trainedMs");
    expect(sourceOf(sample, [{ ...market, startMs: 1000 }]).trainedMs).toEqual({
      from: 1000,
      to: 1000 + 0.7 * 9_000_000,
    });
  });
});
