import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { demo, runDemo as runOptions, runProgramme } from "../../../local/demo/demo.ts";
import { seededStories } from "../../../local/demo/linear/seeded-stories.ts";
import { madeMarketFolder } from "../../../local/backtest/made-market.ts";
import { seededMarket } from "../../../local/cloud/market/seeded.ts";
import type { Programme } from "../../../local/demo/programme.ts";
import { stableText } from "../../../local/demo/report/stable-document.ts";
import { stageOn } from "../../../local/demo/stage.ts";
import { tellStory } from "../../../local/demo/story.ts";
import { tellInSilence } from "../../../local/demo/teller.ts";
import { excerptOf, pictureOf } from "../../../local/docs/demo-excerpt.ts";
import { generatedSection } from "../../../local/docs/generated-sections.ts";
import { colourPaint, plainPaint } from "../../../local/terminal/paint.ts";
import type { ExitCode } from "../../../local/terminal/terminal.ts";
import { readPage } from "../../docs/pages.ts";
import { recordingTerminal } from "../terminal/recording-terminal.ts";

const runMs = 60_000;

interface Run {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

const options = { seed: 1, isJson: false, isStable: false };

const runDemo = async (...args: string[]): Promise<Run> => {
  const { terminal, said } = recordingTerminal();
  return { code: await demo(args, terminal), ...said };
};

/** All modes, and a recorded market, go through the bytes of the wire protocol, below: what is looked at more closely need not. */
const openStage = stageOn("direct");

const runLinear = async (seed: number): Promise<Run> => {
  const { terminal, said } = recordingTerminal();
  const linear = { ...options, mode: "linear", seed, isJson: true, front: "direct" } as const;
  return { code: await runOptions(linear, terminal), ...said };
};

const runRecorded = async (path: string): Promise<Run> => {
  const { terminal, said } = recordingTerminal();
  const market = { path, typed: path };
  return { code: await runOptions({ ...options, market, front: "direct" }, terminal), ...said };
};

const checkSchema = z.strictObject({ rule: z.string(), held: z.boolean(), found: z.string() });
const instanceSchema = z.strictObject({
  instance_id: z.string(),
  instance_type: z.string(),
  zone_id: z.string(),
});
const countSchema = z.strictObject({ acknowledged: z.int(), kept: z.int() });

const storySchema = z.strictObject({
  name: z.string(),
  mode: z.literal("LINEAR"),
  verdict: z.enum(["STAY", "SWITCH", "FALLBACK_ON_DEMAND", "REFUSE"]),
  reason: z.string(),
  status: z.string(),
  mutating_calls: z.int(),
  orphans: z.int(),
  downtime_seconds: z.number().positive().exactOptional(),
  min_healthy_minus_desired: z.int(),
  monthly_savings_usd: z.number().positive().exactOptional(),
  ok: z.boolean(),
  title: z.string(),
  evaluation_id: z.string(),
  region: z.string(),
  sentence: z.string(),
  outcome_reason: z.string(),
  outcome_sentence: z.string(),
  potential_monthly_savings_usd: z.number().exactOptional(),
  phases: z.array(z.looseObject({ name: z.string(), started_at: z.string() })).min(1),
  original: instanceSchema.extend({ address: z.string() }),
  replacement: instanceSchema.exactOptional(),
  mutating_calls_by_name: z.record(z.string(), z.int()),
  unserved_seconds: z.number().min(0),
  writes: z.strictObject({ root: countSchema, data: countSchema.exactOptional() }),
  candidates: z.strictObject({
    total: z.int(),
    acceptable: z.int(),
    rejected: z.record(z.string(), z.int()),
    top: z.array(z.looseObject({ pool: z.looseObject({ instance_type: z.string() }) })).max(6),
  }),
  checks: z.array(checkSchema).min(1),
});

const documentSchema = z.strictObject({
  ok: z.boolean(),
  seed: z.int(),
  market: z.looseObject({ kind: z.enum(["seeded", "recorded"]), at: z.iso.datetime() }),
  stories: z.array(storySchema).min(1),
});
type Document = z.infer<typeof documentSchema>;
type StoryJson = Document["stories"][number];

const documentOf = ({ stdout }: Run): Document => documentSchema.parse(JSON.parse(stdout));

const storyOf = (document: Document, name: string): StoryJson => {
  const story = document.stories.find((each) => each.name === name);
  if (story === undefined) throw new Error(`There is no story ${name}.`);
  return story;
};

describe("the demo on a seeded market", () => {
  let first: Run;
  let document: Document;
  beforeAll(async () => {
    first = await runLinear(7);
    document = documentOf(first);
  }, runMs);

  it("tells nine stories that end as they must", () => {
    expect(first.code).toBe(0);
    expect(document.ok).toBe(true);
    expect(
      document.stories.map(({ name, verdict, status }) => `${name}: ${verdict}, ${status}`),
    ).toEqual([
      "switch: SWITCH, SWITCHED",
      "switch-root-volume: SWITCH, SWITCHED",
      "switch-windows: SWITCH, SWITCHED",
      "stay: STAY, STAYED",
      "refuse: REFUSE, REFUSED",
      "shadow: SWITCH, SHADOWED",
      "rolled-back: SWITCH, ROLLED_BACK",
      "way-back: FALLBACK_ON_DEMAND, FELL_BACK",
      "way-back-with-data: FALLBACK_ON_DEMAND, FELL_BACK",
    ]);
    expect(document.stories.flatMap(({ checks }) => checks).filter(({ held }) => !held)).toEqual(
      [],
    );
  });

  it("leaves no orphan and never has fewer healthy holders than one outside of a planned downtime", () => {
    for (const story of document.stories) {
      expect(story).toMatchObject({ orphans: 0, min_healthy_minus_desired: 0 });
    }
  });

  it("counts no mutating call where nothing was to be touched", () => {
    for (const name of ["stay", "refuse", "shadow"]) {
      expect(storyOf(document, name)).toMatchObject({ mutating_calls: 0, unserved_seconds: 0 });
    }
    expect(storyOf(document, "switch").mutating_calls).toBeGreaterThan(0);
  });

  it("leaves out the fields that do not apply", () => {
    expect(storyOf(document, "switch")).toHaveProperty("monthly_savings_usd");
    expect(storyOf(document, "switch")).toHaveProperty("downtime_seconds");
    expect(storyOf(document, "rolled-back")).toHaveProperty("downtime_seconds");
    expect(storyOf(document, "rolled-back")).not.toHaveProperty("monthly_savings_usd");
    expect(storyOf(document, "shadow")).not.toHaveProperty("monthly_savings_usd");
    expect(storyOf(document, "shadow")).toHaveProperty("potential_monthly_savings_usd");
    expect(storyOf(document, "stay")).not.toHaveProperty("downtime_seconds");
    expect(storyOf(document, "refuse").candidates.total).toBe(0);
  });

  it("keeps every acknowledged write, in the switch and in the roll-back", () => {
    for (const name of ["switch", "rolled-back"]) {
      const { root, data } = storyOf(document, name).writes;
      expect(root.acknowledged).toBeGreaterThan(0);
      expect(root.kept).toBe(root.acknowledged);
      expect(data?.kept).toBe(data?.acknowledged);
    }
  });

  it("prints nothing but the document to stdout, and its progress to stderr", () => {
    expect(first.stdout.startsWith("{")).toBe(true);
    expect(first.stdout.endsWith("}\n")).toBe(true);
    expect(first.stderr.split("\n")).toHaveLength(document.stories.length + 1);
  });

  it(
    "repeats a seed byte for byte",
    async () => {
      const again = await runLinear(7);
      expect(again.stdout).toBe(first.stdout);
    },
    runMs,
  );

  it(
    "has another market for another seed",
    async () => {
      const shadow = seededStories.find(({ name }) => name === "shadow");
      if (shadow === undefined) throw new Error("There is no shadow story.");
      const setting = { seed: 7, startMs: Date.parse(document.market.at), region: "us-east-1" };
      const report = await tellStory(
        shadow,
        () => openStage({ ...setting, market: seededMarket({ seed: 8 }) }),
        () => undefined,
      );
      expect(report.ending?.evaluation.status).toBe("SHADOWED");
      expect(report.ending?.evaluation.verdict?.sentence).not.toBe(
        storyOf(document, "shadow").sentence,
      );
    },
    runMs,
  );
});

describe("the stable document", () => {
  const golden = new URL("golden/seed-1.json", import.meta.url);

  let stable: Run;
  const heard: string[] = [];
  beforeAll(async () => {
    const { terminal, said } = recordingTerminal({ paint: colourPaint });
    const allModes = { ...options, isJson: true, isStable: true };
    const hear = (lines: readonly string[]) => void heard.push(...lines);
    stable = { code: await runOptions({ ...allModes, hear }, terminal), ...said };
  }, runMs);

  it("is that of the golden file: behaviour changes only where the file is changed with it", () => {
    expect(stable.code).toBe(0);
    expect(stable.stdout).toBe(readFileSync(golden, "utf8"));
  });

  it("is what the README shows, as a table and as a picture (else run: npm run docs)", () => {
    const excerpt = excerptOf(heard.join("\n"));
    expect(readPage("README.md")).toContain(generatedSection("demo", excerpt));
    expect(readPage("docs/demo.svg")).toBe(pictureOf(heard.join("\n")));
  });

  it("numbers ids, addresses and instants by their order of appearance, and nothing else", () => {
    const text =
      "i-0123456789abcdef0 vol-01234567 i-0123456789abcdef0 i-0123456789abcdef1 198.51.100.7 " +
      "2026-03-02T09:00:00.000Z 2026-03-02T09:00:00Z evl-ddj4tehkpyn8gp3btq6w 12.5 444455556666 m6a.large " +
      "targetgroup/web/6b7e33f762a91d29 0.0008320199691694166";
    expect(stableText(text)).toBe(
      "<i 1> <vol 1> <i 1> <i 2> <address 1> <instant 1> <instant 2> <evl 1> 12.5 444455556666 m6a.large " +
        "targetgroup/web/<targetgroup 1> 0.0008320199691694166",
    );
  });
});

describe("a story that does not end as it must", () => {
  const programmeOf = (change: Partial<(typeof seededStories)[number]>): Programme => {
    const [first] = seededStories.filter(({ name }) => name === "refuse");
    if (first === undefined) throw new Error("There is no story.");
    const setting = {
      market: seededMarket({ seed: 1 }),
      seed: 1,
      startMs: Date.parse("2026-03-02T09:00:00Z"),
      region: "us-east-1",
    };
    return {
      title: "one story",
      introduction: [],
      marketNote: { kind: "seeded", at: "2026-03-02T09:00:00.000Z" },
      play: async (teller) => [
        await tellInSilence(teller, { ...first, ...change }, () => openStage(setting)),
      ],
    };
  };
  const unlikely = { rule: "pigs fly", held: false, found: "none in the air" };

  it.each([
    ["breaks an expectation", { expect: () => [unlikely] }, "none in the air"],
    ["can't be told", { workload: { instanceType: "m5.large" } }, "has no Elastic IP"],
  ])("fails the demo when it %s", async (_case, change, found) => {
    const { terminal, said } = recordingTerminal();
    const code = await runProgramme(programmeOf(change), { ...options, isJson: true }, terminal);
    expect(code).toBe(1);
    const { ok, stories } = z
      .object({ ok: z.boolean(), stories: z.array(z.unknown()) })
      .parse(JSON.parse(said.stdout));
    expect(ok).toBe(false);
    expect(JSON.stringify(stories)).toContain(found);
    expect(said.stderr).toContain("NOT as it must");
  });

  it("names it in the text", async () => {
    const { terminal, said } = recordingTerminal();
    const programme = programmeOf({ expect: () => [unlikely] });
    await runProgramme(programme, options, terminal);
    expect(said.stdout).toContain("Not as it must: refuse.");
  });
});

describe("the demo's command line", () => {
  it.each([
    [["--colour"], "--colour"],
    [["--seed", "x"], '--seed: "x" is not a whole number'],
    [["--seed", "4294967296"], "--seed"],
    [["--seed", "1.5"], "--seed"],
    [["--seed"], "--seed"],
    [["--market", "/no/such/folder"], "--market: there is no folder /no/such/folder"],
    [["--market", ""], "--market needs a value"],
    [["--market", "/dev/null"], "--market: /dev/null is not a folder"],
    [["--json=yes"], "--json"],
    [["--stable"], "--stable needs --json"],
    [["sideways"], '"sideways" is not a mode'],
    [["linear", "cluster"], "One mode at a time"],
  ])("answers %j with a sentence that names what is wrong, and exit code 2", async (args, said) => {
    const { code, stdout, stderr } = await runDemo(...args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(said);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  it("says that recorded prices have no story of cluster", async () => {
    const { code, stdout, stderr } = await runDemo("cluster", "--market", tmpdir());
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toBe("--market: recorded prices have stories of linear alone.\n");
  });

  it("explains itself on --help", async () => {
    const { code, stdout } = await runDemo("--help");
    expect(code).toBe(0);
    for (const option of ["--seed N", "--market DIR", "--json", "--stable"])
      expect(stdout).toContain(option);
  });
});

describe("the demo on a recorded market", () => {
  const files = {
    "price-test.csv": [
      "instance_type,az,timestamp_utc,spot_usd_per_h",
      ...["a", "b"].flatMap((letter) => [
        `m4.large,eu-west-1${letter},2016-03-01T00:00:00,0.03`,
        `m4.large,eu-west-1${letter},2016-03-20T00:00:00,0.04`,
        `c4.large,eu-west-1${letter},2016-03-01T00:00:00,0.115`,
        `d2.8xlarge,eu-west-1${letter},2016-03-01T00:00:00,0.6`,
        `r4.large,eu-west-1${letter},2016-03-01T00:00:00,0.02`,
        `x9.large,eu-west-1${letter},2016-03-01T00:00:00,0.02`,
      ]),
    ],
    "ondemand-test.csv": [
      "instance_type,ondemand_usd_per_h",
      "m4.large,0.132",
      "c4.large,0.119",
      "d2.8xlarge,6.174",
      "r4.large,0.148",
    ],
    "instance-types-test.csv": [
      "instance_type,vcpu,ram_gb,emr",
      "m4.large,2,8,1",
      "c4.large,2,3.75,1",
      "d2.8xlarge,36,244,1",
      "r4.large,2,15.25,1",
    ],
    "spot-advisor-test.csv": [
      "region,os,instance_type,savings_pct,interruption_band",
      "eu-west-1,Linux,m4.large,70,0",
      "eu-west-1,Linux,c4.large,60,4",
      "eu-west-1,Linux,d2.8xlarge,60,0",
    ],
  } as const;
  const folders: string[] = [];
  const folderWith = (change: Readonly<Record<string, readonly string[]>> = {}): string => {
    const folder = mkdtempSync(join(tmpdir(), "recorded-market-"));
    folders.push(folder);
    for (const [name, lines] of Object.entries({ ...files, ...change })) {
      writeFileSync(join(folder, name), `${lines.join("\n")}\n`);
    }
    return folder;
  };
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  it(
    "judges each type at recorded prices and carries out the best switch",
    async () => {
      const run = await runDemo("linear", "--market", folderWith(), "--json");
      const document = documentOf(run);
      expect(run.code).toBe(0);
      expect(document.market).toMatchObject({
        kind: "recorded",
        region: "eu-west-1",
        without_specification: ["x9.large"],
      });
      expect(
        document.stories.map(({ name, reason, status }) => `${name}: ${reason}, ${status}`),
      ).toEqual([
        "c4.large: SAVINGS_WORTH_THE_RISK, SHADOWED",
        "d2.8xlarge: INSTANCE_STORE_IN_USE, REFUSED",
        "m4.large: SAVINGS_WORTH_THE_RISK, SHADOWED",
        "r4.large: NO_CANDIDATE, STAYED",
        "switch: SAVINGS_WORTH_THE_RISK, SWITCHED",
      ]);
      const { original, monthly_savings_usd: saving } = storyOf(document, "switch");
      expect(original.instance_type).toBe("m4.large");
      // 730 hours of 0.132 less 0.03 or, later in the recording, less 0.04.
      expect([74.46, 67.16]).toContain(saving);
    },
    runMs,
  );

  it(
    "tells people what is recorded, in plain lines of at most 100 columns",
    async () => {
      const { code, stdout, stderr } = await runDemo("--market", folderWith(), "--seed", "2");
      expect(code).toBe(0);
      expect(stderr).toBe("");
      expect(stdout).toContain("bid era");
      expect(stdout).toContain("Every story ended as it must.");
      expect(stdout).not.toContain("\u001b");
      // The folder's own path may be longer than a line.
      expect(stdout.split("\n").filter((line) => line.length > 100)).toEqual([]);
    },
    runMs,
  );

  it(
    "tells the market that ships as what it is: made up",
    async () => {
      const { code, stdout } = await runRecorded(madeMarketFolder);
      expect(code).toBe(0);
      expect(stdout.replaceAll("\n", " ")).toContain("This market is made up: nothing in it");
      expect(stdout).not.toContain("bid era");
      // What has a local disk is refused, the GPU's type too.
      expect(stdout).toMatch(/g4dn\.xlarge +\$0\.5260 [^\n]* REFUSE +INSTANCE_STORE_IN_USE/);
    },
    runMs,
  );

  it(
    "carries nothing out when no switch is worth it",
    async () => {
      const onlyStays = folderWith({
        "spot-advisor-test.csv": [files["spot-advisor-test.csv"][0]],
      });
      const { code, stdout } = await runRecorded(onlyStays);
      expect(code).toBe(0);
      expect(stdout).toContain("no switch is worth it");
    },
    runMs,
  );

  it.each([
    [
      "price-test.csv",
      [...files["price-test.csv"].slice(0, 2), "m4.large,eu-west-1a,2016-03-01T00:00:00,cheap"],
      "price-test.csv, line 3: spot_usd_per_h",
    ],
    [
      "ondemand-test.csv",
      ["instance_type,price", "m4.large,1"],
      "ondemand-test.csv, line 1: column ondemand_usd_per_h",
    ],
    [
      "price-test.csv",
      [...files["price-test.csv"].slice(0, 2), "m4.large,euw1-az1,2016-03-01T00:00:00,0.1"],
      'price-test.csv, line 3: az is "euw1-az1"',
    ],
    ["instance-types-test.csv", ["instance_type,vcpu,ram_gb,emr", "m4.large,2"], "line 2"],
  ])("names file and line of a malformed %s, with exit code 2", async (file, lines, said) => {
    const { code, stdout, stderr } = await runDemo("--market", folderWith({ [file]: lines }));
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain("--market: ");
    expect(stderr).toContain(said);
  });

  it("names a damaged gzip file", async () => {
    const folder = folderWith({ "spot-advisor-test.csv.gz": ["not compressed"] });
    rmSync(join(folder, "spot-advisor-test.csv"));
    const { code, stderr } = await runDemo("--market", folder);
    expect(code).toBe(2);
    expect(stderr).toBe("--market: spot-advisor-test.csv.gz is not a gzip file, or is damaged.\n");
  });

  it("says so when the folder holds no type with all prices", async () => {
    const folder = folderWith({ "ondemand-test.csv": ["instance_type,ondemand_usd_per_h"] });
    const { code, stderr } = await runDemo("--market", folder);
    expect(code).toBe(2);
    expect(stderr).toContain("no type with specification, On-Demand price and a Spot price");
  });
});

describe("colour", () => {
  it("is that of the terminal", async () => {
    const programme: Programme = {
      title: "no story",
      introduction: ["Nothing happens."],
      marketNote: { kind: "seeded", at: "2026-03-02T09:00:00.000Z" },
      play: () => Promise.resolve([]),
    };
    const outputs = await Promise.all(
      [colourPaint, plainPaint].map(async (paint) => {
        const { terminal, said } = recordingTerminal({ paint });
        await runProgramme(programme, options, terminal);
        return said.stdout.includes("\u001b[");
      }),
    );
    expect(outputs).toEqual([true, false]);
  });
});
