import { describe, expect, it } from "@jest/globals";
import { backtest, type WriteReport } from "../../../local/backtest/backtest.ts";
import type { ReportData } from "../../../local/backtest/report/report-data.ts";
import { contenderNames, contenders } from "../../../local/backtest/contenders.ts";
import { recordingTerminal } from "../terminal/recording-terminal.ts";
import { temporaryFiles } from "./temporary-files.ts";

const { folder, write } = temporaryFiles();

const trace = (name: string, capacity: string): string =>
  [
    `# ${JSON.stringify({ name, gap_seconds: 600, unit_capacity: 1 })}`,
    "tick,east,west",
    ...Array.from(capacity, (up, tick) => `${String(tick)},${up},1`),
  ].join("\n");

write("one.csv", trace("one", "110011"));
write("two.csv", trace("two", "101010"));
write("broken.csv", trace("broken", "12"));
write("prices.csv", "instance_type,az,timestamp_utc,spot_usd_per_h\n");
write("on-demand.csv", "instance_type,ondemand_usd_per_h\n");

const run = (args: string, writeReport: WriteReport = () => undefined) => {
  const { terminal, said } = recordingTerminal({ folder });
  return { code: backtest(args.split(" "), terminal, writeReport), ...said };
};

interface Document {
  readonly results: readonly Record<string, unknown>[];
  readonly means: readonly Record<string, unknown>[];
}

const documentOf = (args: string): Document => JSON.parse(run(args).stdout) as Document;

describe("the JSON document", () => {
  it("has a result per trace, number of units and policy, and a mean per policy and number of units", () => {
    const { results, means } = documentOf("--traces one.csv two.csv --units 1,3 --json");
    expect(results).toHaveLength(2 * 2 * contenders.length);
    expect(means).toHaveLength(2 * contenders.length);
    for (const result of results) {
      expect(Object.keys(result)).toEqual([
        "trace",
        "policy",
        "units",
        "probing",
        "cost",
        "availability",
        "interruptions_per_unit_week",
        "moves_per_unit_week",
        "spot_share",
        "half_lost_in_5_minutes",
        "j",
        "j_over_optimum",
      ]);
      expect(Object.keys(result["j"] as object).sort()).toEqual(["0", "0.5", "2"]);
    }
    for (const mean of means) {
      expect(Object.keys(mean)).toEqual(["policy", "units", "probing", "j_over_optimum"]);
    }
  });

  it("states what On-Demand alone costs, and the geometric mean over the traces", () => {
    const { results, means } = documentOf("--traces one.csv two.csv --policy on-demand --json");
    expect(results[0]).toMatchObject({
      trace: "one",
      policy: "on-demand",
      units: 1,
      probing: false,
      cost: 1,
      availability: 100,
      interruptions_per_unit_week: 0,
      moves_per_unit_week: 0,
      spot_share: 0,
      half_lost_in_5_minutes: 0,
      j: { "0": 1, "0.5": 1, "2": 1 },
    });
    const [one, two] = results.map((result) => result["j_over_optimum"] as number);
    expect(means[0]?.["j_over_optimum"]).toBeCloseTo(Math.sqrt((one ?? 0) * (two ?? 0)), 12);
  });

  it("gives a fixed zone as the mean over all of them", () => {
    const { results } = documentOf("--traces one.csv --policy fixed-zone --json");
    // East is down two of six ticks and is left and found again at tick granularity; west is always up.
    expect(results[0]).toMatchObject({ policy: "fixed-zone", trace: "one" });
    expect(results[0]?.["spot_share"]).toBeCloseTo((4 / 6 + 1) / 2, 12);
  });

  it("is the same each time", () => {
    const args = "--traces one.csv two.csv --units 2 --json";
    expect(run(args).stdout).toBe(run(args).stdout);
  });

  it("calls traces that share a name by their paths", () => {
    const { results } = documentOf("--traces one.csv --traces one.csv --policy on-demand --json");
    expect(new Set(results.map((result) => result["trace"]))).toEqual(
      new Set([`${folder}/one.csv`]),
    );
  });
});

describe("losses that are announced", () => {
  const of = (policy: string, more = ""): Document =>
    documentOf(`--traces two.csv --policy ${policy} --json${more}`);

  it("change nothing for those who don't listen, nor for anybody where they come with the loss", () => {
    expect(of("lowest-price", " --announced 1 --lead 300")).toEqual(of("lowest-price"));
    expect(of("product", " --announced 1 --lead 0 --seeds 1")).toEqual(of("product"));
  });

  it("are escaped where all are told of early enough", () => {
    const [probing] = of("product", " --announced 1 --lead 300").results;
    expect(probing).toMatchObject({ interruptions_per_unit_week: 0, availability: 100 });
    expect(of("product").results[0]?.["interruptions_per_unit_week"]).toBeGreaterThan(0);
  });

  it("give the mean over the seeds", () => {
    const meanOf = (seeds: number): number =>
      of("product", ` --announced 0.5 --lead 300 --seeds ${String(seeds)}`).results[0]?.[
        "interruptions_per_unit_week"
      ] as number;
    // Whole interruptions, each in one of so many replays.
    const most = of("product").results[0]?.["interruptions_per_unit_week"] as number;
    expect(meanOf(20)).toBeGreaterThan(0);
    expect(meanOf(20)).toBeLessThan(most);
  });
});

describe("the text", () => {
  it("has a table per trace, with units of measure, and one of the means", () => {
    const { stdout, code, stderr } = run("--traces one.csv two.csv");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("one: 2 zones, 0.0 days in ticks of 600 s, 1 unit; optimum ");
    expect(stdout).toContain("available %  interrupted /unit-week");
    expect(stdout).toContain("longest-streak*");
    expect(stdout).toContain("Geometric mean over the traces");
  });

  it("is the usage, where that is asked for", () => {
    expect(run("--help")).toMatchObject({ code: 0, stderr: "" });
    expect(run("--help").stdout).toContain("stay on On-Demand");
  });

  it("leaves progress to the terminal", () => {
    const { progress } = run("--traces one.csv --policy on-demand,ban-4h");
    expect(progress).toEqual([
      "one, units 1: optimum",
      "one, units 1: on-demand",
      "one, units 1: ban-4h",
      "",
    ]);
  });
});

describe("the report", () => {
  it("receives all runs, with the timelines of our policy and of lowest-price, our policy first", () => {
    const seen: (readonly [ReportData, string | undefined])[] = [];
    const args = "--traces one.csv --units 1,2 --policy lowest-price,product --report out.html";
    run(args, (report, path) => void seen.push([report, path]));
    const [report, path] = seen[0] ?? [];
    expect(path).toBe(`${folder}/out.html`);
    expect(report?.command).toBe(`npm run backtest -- ${args}`);
    expect(report?.options).toEqual({ units: [1, 2], noticeSeconds: 0 });
    expect(report?.runs.map(({ trace, units }) => [trace, units])).toEqual([
      ["one", 1],
      ["one", 2],
    ]);
    const [first] = report?.runs ?? [];
    expect(first?.upZones[0]).toEqual([
      { fromTick: 0, toTick: 2 },
      { fromTick: 4, toTick: 6 },
    ]);
    expect(first?.timelines.map(({ policy, isOurs }) => [policy, isOurs])).toEqual([
      ["product", true],
      ["product", true],
      ["lowest-price", false],
    ]);
    const lowestPrice = first?.timelines.at(-1);
    expect(lowestPrice?.interruptions).toEqual([{ tick: 2, zone: "east", unit: 0 }]);
    expect(lowestPrice?.units[0]?.map(({ place }) => place)).toEqual([
      "on-demand",
      "east",
      "down",
      "west",
    ]);
    expect(report?.means.map(({ policy, units }) => [policy, units])).toContainEqual([
      "product",
      2,
    ]);
  });

  it("is written with figures that are shares, not percents", () => {
    const seen: ReportData[] = [];
    run("--traces one.csv --policy on-demand", (report) => void seen.push(report));
    expect(seen[0]?.runs[0]?.scores).toMatchObject([
      { policy: "on-demand", isOurs: false, cost: 1, availability: 1, spotShare: 0 },
    ]);
  });
});

describe("without a file", () => {
  it("the traces that ship with the product are replayed", () => {
    const { results } = documentOf("--policy lowest-price,on-demand --json");
    expect(results.map(({ trace, policy }) => `${String(trace)}: ${String(policy)}`)).toEqual(
      ["made-c6i.2xlarge", "made-m5a.2xlarge", "made-r5.large"].flatMap((name) => [
        `${name}: on-demand`,
        `${name}: lowest-price`,
      ]),
    );
  });
});

describe("wrong usage", () => {
  const one = "--traces one.csv";

  it.each([
    ["one.csv", '"one.csv" belongs to no option: npm run backtest -- --help shows what there is.'],
    [
      `${one} --units 1 two.csv`,
      '"two.csv" belongs to no option: npm run backtest -- --help shows what there is.',
    ],
    ["--traces none.csv", "--traces: there is no file none.csv."],
    ["--traces .", "--traces: . is not a file."],
    ["--prices prices.csv", "--prices and --on-demand need each other."],
    [`${one} --announced 0.5`, "--announced and --lead need each other."],
    [`${one} --announced 2 --lead 300`, '--announced: "2" is not a number from 0 to 1.'],
    [`${one} --false-alarms-per-day 2`, "--false-alarms-per-day needs --announced."],
    [
      `${one} --units 0`,
      '--units: "0" is not a whole number from 1 to 1000, or several with commas between.',
    ],
    [`${one} --notice soon`, '--notice: "soon" is not a number of seconds of 0 or more.'],
    [
      `${one} --policy best`,
      `--policy: there is no policy "best": use all, frontier, response, or some of ${contenderNames.join(", ")}.`,
    ],
    [
      "--prices prices.csv --on-demand on-demand.csv",
      "prices.csv has no instance type with two zones or more.",
    ],
    [`${one} --report`, "--report needs a value."],
    ["--traces broken.csv", "broken.csv, line 4: east is 2, which is above unit_capacity 1."],
  ])("%s is refused in one line", (args, sentence) => {
    expect(run(args)).toMatchObject({ code: 2, stdout: "", stderr: `${sentence}\n` });
  });

  it("of an option that there is not names it and points to the help", () => {
    const { code, stderr } = run(`${one} --fast`);
    expect(code).toBe(2);
    expect(stderr).toMatch(/Unknown option '--fast': npm run backtest -- --help shows [^\n]*\n$/);
  });
});
