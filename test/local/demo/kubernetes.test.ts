import { beforeAll, describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { seededMarket } from "../../../local/cloud/market/seeded.ts";
import { runDemo as runOptions } from "../../../local/demo/demo.ts";
import { tellNodeStory, type NodeStory } from "../../../local/demo/kubernetes/node-story.ts";
import { nodeStories } from "../../../local/demo/kubernetes/node-stories.ts";
import { seededSetting } from "../../../local/demo/seeded.ts";
import { stageOn } from "../../../local/demo/stage.ts";
import { recordingTerminal } from "../terminal/recording-terminal.ts";

const runMs = 60_000;

/** The golden file's run goes through the bytes of the wire protocol: see demo.test.ts. */
const front = "direct";
const openStage = stageOn(front);

const runDemo = async (seed: number, isJson: boolean) => {
  const { terminal, said } = recordingTerminal();
  const options = { mode: "kubernetes", seed, isJson, isStable: false, front } as const;
  return { code: await runOptions(options, terminal), ...said };
};

const storySchema = z.looseObject({
  name: z.string(),
  mode: z.literal("KUBERNETES"),
  status: z.string(),
  mutating_calls: z.int(),
  orphans: z.int(),
  lost_pods: z.int(),
  min_healthy_minus_desired: z.int(),
  min_healthy_pods_minus_desired: z.int(),
  monthly_savings_usd: z.number().positive().exactOptional(),
  outcome_sentence: z.string(),
  nodes: z.array(z.string()),
  budgets: z.array(
    z.strictObject({
      budget: z.string(),
      least_healthy: z.int(),
      must_be_healthy: z.int(),
      samples: z.array(z.looseObject({ healthy: z.int() })).min(1),
    }),
  ),
  pod_moves: z.array(
    z.looseObject({ pod: z.string(), successor: z.string(), from: z.string(), to: z.string() }),
  ),
  checks: z
    .array(z.strictObject({ rule: z.string(), held: z.boolean(), found: z.string() }))
    .min(1),
});
const documentSchema = z.object({ ok: z.boolean(), stories: z.array(storySchema) });
type StoryJson = z.infer<typeof storySchema>;

describe("the demo of nodes", () => {
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

  it("tells three stories that end as they must", () => {
    expect(stories.flatMap(({ checks }) => checks).filter(({ held }) => !held)).toEqual([]);
    expect(code).toBe(0);
    expect(stories.map(({ name, status }) => `${name}: ${status}`)).toEqual([
      "node: SWITCHED",
      "node-blocked: ROLLED_BACK",
      "node-no-access: DEGRADED",
    ]);
  });

  it("violates no budget and loses no pod", () => {
    for (const story of stories) {
      expect(story).toMatchObject({ orphans: 0, lost_pods: 0 });
      expect(story.min_healthy_minus_desired).toBe(0);
    }
    expect(storyOf("node").min_healthy_pods_minus_desired).toBe(0);
  });

  it("moves the database with its name, and each web pod to another node", () => {
    const { pod_moves: moves, budgets, nodes } = storyOf("node");
    expect(moves.find(({ pod }) => pod === "default/db-0")).toMatchObject({
      successor: "default/db-0",
      to: "new node",
    });
    expect(moves.filter(({ pod }) => pod.startsWith("default/web-")).length).toBeGreaterThan(1);
    expect(moves.every(({ from, to }) => from !== to)).toBe(true);
    expect(budgets).toMatchObject([{ budget: "default/web", least_healthy: 8 }]);
    expect(nodes).toContain("new node");
  });

  it("names the budget that lets nobody go, and stands on the nodes that were there", () => {
    const { outcome_sentence: sentence, nodes, pod_moves: moves } = storyOf("node-blocked");
    expect(sentence).toContain("default/web");
    expect(moves.length).toBeGreaterThan(0);
    expect(nodes).toEqual(["node 1", "node 2", "node 3"]);
  });

  it("does nothing where the cluster does not know the role, and tells the command", () => {
    const story = storyOf("node-no-access");
    expect(story).toMatchObject({ mutating_calls: 0, pod_moves: [] });
    expect(story.outcome_sentence).toContain("aws eks create-access-entry");
  });
});

it(
  "tells people each step, who moved where, and a chart of healthy pods, within 100 columns",
  async () => {
    const { code, stdout, stderr } = await runDemo(2, false);
    expect(code).toBe(0);
    expect(stderr).toBe("");
    for (const text of [
      "Drain node",
      "least healthy",
      "new node",
      "itself",
      "Pods of default/web",
    ]) {
      expect(stdout).toContain(text);
    }
    expect(stdout).toContain("Every story ended as it must.");
    expect(stdout.split("\n").filter((line) => line.length > 100)).toEqual([]);
  },
  runMs,
);

describe("a story of a node that does not end as it must", () => {
  const tell = (name: string, change: Partial<NodeStory>) => {
    const story = nodeStories.find((each) => each.name === name);
    if (story === undefined) throw new Error(`There is no story ${name}.`);
    const setting = { market: seededMarket({ seed: 1 }), ...seededSetting(1, name) };
    return tellNodeStory(
      { ...story, ...change },
      () => openStage(setting),
      () => undefined,
    );
  };

  it("says so where nothing held it back", async () => {
    const { expectations } = await tell("node-blocked", { arrange: () => undefined });
    const broken = expectations.filter(({ held }) => !held).map(({ rule }) => rule);
    expect(broken).toEqual(["it ends as this story must", "the reason names default/web"]);
  });

  it("says why it could not be told", async () => {
    const report = await tell("node", { policy: { no_such_limit: 1 } });
    expect(report).toMatchObject({ expectations: [], error: expect.any(String) });
  });
});
