import { beforeAll, describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { seededMarket } from "../../../local/cloud/market/seeded.ts";
import { tellGroupStory, type GroupStory } from "../../../local/demo/cluster/group-story.ts";
import { groupStories } from "../../../local/demo/cluster/group-stories.ts";
import { runDemo as runOptions, runProgramme } from "../../../local/demo/demo.ts";
import type { Programme } from "../../../local/demo/programme.ts";
import { seededSetting } from "../../../local/demo/seeded.ts";
import { stageOn } from "../../../local/demo/stage.ts";
import { tellGroup } from "../../../local/demo/teller.ts";
import { recordingTerminal } from "../terminal/recording-terminal.ts";

const runMs = 60_000;

/** The golden file's run goes through the bytes of the wire protocol: see demo.test.ts. */
const front = "direct";
const openStage = stageOn(front);

const runDemo = async (seed: number, isJson: boolean) => {
  const { terminal, said } = recordingTerminal();
  const options = { mode: "cluster", seed, isJson, isStable: false, front } as const;
  return { code: await runOptions(options, terminal), ...said };
};

const capacitySchema = z.strictObject({
  at: z.iso.datetime(),
  desired: z.int(),
  asked: z.int(),
  in_service: z.int(),
  healthy: z.int(),
  serving: z.int(),
});
const sizesSchema = z.strictObject({
  min: z.int(),
  max: z.int(),
  desired: z.int(),
  members: z.int(),
  spot: z.int(),
});

const storySchema = z.strictObject({
  name: z.string(),
  mode: z.literal("CLUSTER"),
  verdict: z.enum(["SWITCH", "FALLBACK_ON_DEMAND"]),
  reason: z.string(),
  status: z.string(),
  mutating_calls: z.int(),
  orphans: z.int(),
  min_healthy_minus_desired: z.int(),
  monthly_savings_usd: z.number().positive(),
  ok: z.boolean(),
  title: z.string(),
  evaluation_id: z.string(),
  region: z.string(),
  sentence: z.string(),
  outcome_reason: z.string(),
  outcome_sentence: z.string(),
  phases: z.array(z.looseObject({ name: z.string() })).min(1),
  swaps: z
    .array(
      z.looseObject({
        swap_id: z.string(),
        batch: z.int(),
        stage: z.string(),
        sentence: z.string(),
      }),
    )
    .min(1),
  group: z.strictObject({ before: sizesSchema, after: sizesSchema }),
  scaled_at: z.iso.datetime().exactOptional(),
  drained: z.int(),
  mutating_calls_by_name: z.record(z.string(), z.int()),
  least: capacitySchema,
  capacity: z.array(capacitySchema).min(1),
  checks: z
    .array(z.strictObject({ rule: z.string(), held: z.boolean(), found: z.string() }))
    .min(1),
});
const documentSchema = z.object({ ok: z.boolean(), stories: z.array(storySchema) });
type StoryJson = z.infer<typeof storySchema>;

describe("the demo of groups", () => {
  let code: number;
  let stories: readonly StoryJson[];
  beforeAll(async () => {
    const run = await runDemo(7, true);
    code = run.code;
    stories = documentSchema.parse(JSON.parse(run.stdout)).stories;
  }, runMs);

  const storyOf = (name: string): StoryJson => {
    const story = stories.find((each) => each.name === name);
    if (story === undefined) throw new Error(`There is no story ${name}.`);
    return story;
  };

  it("tells five stories that end as they must", () => {
    expect(code).toBe(0);
    expect(stories.map(({ name, status }) => `${name}: ${status}`)).toEqual([
      "group: SWITCHED",
      "group-scale-out: PARTLY_SWITCHED",
      "group-undone: PARTLY_SWITCHED",
      "group-move: SWITCHED",
      "group-back: FELL_BACK",
    ]);
    expect(stories.flatMap(({ checks }) => checks).filter(({ held }) => !held)).toEqual([]);
  });

  it("never serves with fewer than are asked for, and leaves no orphan", () => {
    for (const story of stories) {
      expect(story).toMatchObject({ orphans: 0, min_healthy_minus_desired: 0 });
      expect(story.least.serving).toBe(Math.min(...story.capacity.map(({ serving }) => serving)));
    }
  });

  it("converts a group at its maximum in batches of two while its policy lowers desired", () => {
    const { group, swaps, scaled_at: scaledAt, drained } = storyOf("group");
    expect(group.before).toEqual({ min: 1, max: 6, desired: 6, members: 6, spot: 0 });
    // One is protected and stays On-Demand, one was let go by the policy.
    expect(group.after).toEqual({ min: 1, max: 6, desired: 5, members: 5, spot: 4 });
    expect(swaps.map(({ batch }) => batch)).toEqual([1, 1, 2, 2]);
    expect(scaledAt).toBeDefined();
    expect(drained).toBe(5);
  });

  it("leaves to the customer what his scale-out took", () => {
    const { swaps, group } = storyOf("group-scale-out");
    expect(swaps.filter(({ batch }) => batch === 2).map(({ stage }) => stage)).toEqual([
      "UNDONE",
      "ABSORBED",
    ]);
    expect(group.after).toMatchObject({ desired: 7, members: 7, max: 8 });
  });

  it("undoes the pair that failed, and goes on with the others", () => {
    const { swaps } = storyOf("group-undone");
    expect(swaps.map(({ stage }) => stage)).toEqual(["UNDONE", "DONE", "DONE", "DONE"]);
  });
});

it(
  "tells people each step, the ledger with its minimum, and a chart of capacity, within 100 columns but for the table of all",
  async () => {
    const { code, stdout, stderr } = await runDemo(2, false);
    expect(code).toBe(0);
    expect(stderr).toBe("");
    for (const text of ["Attach replacements", "In service", "Least ", "░", "5 served at"]) {
      expect(stdout).toContain(text);
    }
    expect(stdout).toContain("Every story ended as it must.");
    const [told = ""] = stdout.split("\nAll stories\n");
    expect(told.split("\n").filter((line) => line.length > 100)).toEqual([]);
  },
  runMs,
);

describe("a story of a group that does not end as it must", () => {
  const changed = (name: string, change: Partial<GroupStory>) => {
    const story = groupStories.find((each) => each.name === name);
    if (story === undefined) throw new Error(`There is no story ${name}.`);
    const setting = { market: seededMarket({ seed: 1 }), ...seededSetting(1, name) };
    return { story: { ...story, ...change }, open: () => openStage(setting) };
  };
  const tell = (name: string, change: Partial<GroupStory>) => {
    const { story, open } = changed(name, change);
    return tellGroupStory(story, open, () => undefined);
  };
  const brokenRules = (report: Awaited<ReturnType<typeof tell>>): readonly string[] =>
    report.expectations.filter(({ held }) => !held).map(({ rule }) => rule);

  it("says so where nothing failed and something was to be undone, in short too", async () => {
    const { terminal, said } = recordingTerminal();
    const programme: Programme = {
      title: "one story",
      introduction: [],
      marketNote: { kind: "seeded", at: "2026-03-02T09:00:00.000Z" },
      play: async (teller) => {
        const { story, open } = changed("group-undone", { arrange: () => undefined });
        return [await tellGroup(teller, { number: 1, story }, open)];
      },
    };
    const options = { seed: 1, isJson: false, isStable: false };
    expect(await runProgramme(programme, options, terminal)).toBe(1);
    expect(said.stdout.split("\n").filter((line) => line.includes("FAILED"))).toEqual([
      "  FAILED  it ends as this story must (SWITCH, SWITCHED)",
      "  FAILED  one pair is undone, the others are done (DONE, DONE, DONE, DONE)",
      "  FAILED  of the pair that failed the original serves as before, and the replacement has ended (no",
    ]);
    expect(said.stdout).toContain("8 of 11 checks held.");
    expect(said.stdout).not.toContain("Attach replacements");
    expect(said.stdout).toContain("Not as it must: group-undone.");
  });

  it("says so where capacity dropped that did not drop without us", async () => {
    const report = await tell("group", {
      arrange: ({ platform, accountId, region }) => {
        const release = platform.cloud.faults.after(({ operation }) => {
          if (operation !== "RegisterTargets") return;
          release();
          const name = { accountId, region, name: "web" };
          const [, , member] = platform.autoScaling.control.find(name)?.members ?? [];
          platform.ec2.control.terminateByOwner(member?.instanceId ?? "");
        });
      },
    });
    expect(brokenRules(report)).toContain(
      "at no instant fewer served than were asked for, or than served without us",
    );
    expect(report.ending?.margin).toBeLessThan(0);
  });

  it("says why it could not be told", async () => {
    const report = await tell("group", { isProtected: 17, group: { size: 0 } });
    expect(report).toMatchObject({ expectations: [], error: expect.any(String) });
  });
});
