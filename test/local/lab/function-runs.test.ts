import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Cloud, CloudRequest } from "../../../local/cloud/dispatch.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import type { LabAccount } from "../../../local/lab/account.ts";
import { FunctionRuns } from "../../../local/lab/function-runs.ts";
import { createGroupLab } from "../../../local/lab/group-lab.ts";
import { createNodeLab } from "../../../local/lab/node-lab.ts";
import {
  accountId,
  createLab,
  createLabLost,
  createLabOnSpot,
  openLab,
  region,
  type LabOptions,
} from "../../../local/lab/lab.ts";
import { createLabThatMoves } from "../../../local/lab/moving.ts";
import { watchTable } from "../../../local/lab/harm.ts";
import type { Until } from "../../../local/lab/recalled-runs.ts";
import { lossy, rich, richOnSpot } from "../../../local/lab/scenarios.ts";
import { createMemoryTable, type MemoryTable } from "../../../local/platform/memory-table.ts";

/** Each process of a function counts for itself what it writes at one instant. */
const withoutPlaces = (item: unknown): unknown =>
  JSON.parse(JSON.stringify(item), (name, value: unknown) =>
    name === "order" || name === "place" ? undefined : value,
  );

/** All that can be seen of a laboratory, and what each source of chance gives next. */
const stateOf = (lab: Lab, story: Ending) => {
  const { platform, clock, table, watch, logged } = lab;
  const { cloud } = platform;
  const { moments, broken, acknowledged } = watch;
  const items = (table as MemoryTable).items().map(withoutPlaces);
  return {
    story: withoutPlaces(story),
    now: clock.now(),
    journal: [...cloud.journal],
    items,
    watched: { moments, broken, acknowledged },
    logged,
    user: cloud.identities.addUser({ accountId, name: "next" }),
    requestId: cloud.newRequestId(),
    number: cloud.random.next(),
  };
};

const ended = async (lab: Lab) => stateOf(lab, await lab.run());

describe.each(["stateless", "stop-and-image", "move-root-volume"] as const)(
  "a %s switch whose functions are recalled",
  (way) => {
    const options = rich[way];
    let made: Awaited<ReturnType<typeof ended>>;
    beforeAll(async () => {
      made = await ended(await createLab(options));
    });

    it.each<Until>([
      { change: 1 },
      { change: 2 },
      { change: 9 },
      { change: 99 },
      { write: 25 },
      { begins: "linear-verify" },
      { calls: "RunInstances" },
    ])("up to %j is as one in which they have decided", async (undisturbedUntil) => {
      const ownTable = createMemoryTable();
      const table = watchTable(ownTable);
      const lab = await createLab({ ...options, table, ownTable, undisturbedUntil });
      expect(await ended({ ...lab, table: ownTable })).toEqual(made);
      expect(made.story).toMatchObject({ status: "SWITCHED" });
    });
  },
);

it("a switch is so where EC2 is slow to show what is new", async () => {
  const options: LabOptions = { ...rich["move-volumes"], settings: { visibilityMs: [300, 9_000] } };
  const made = await ended(await createLab(options));
  const undisturbedUntil = { begins: "linear-verify" } as const;
  expect(await ended(await createLab({ ...options, undisturbedUntil }))).toEqual(made);
});

const movingLab = (options: LabOptions): Promise<Lab> => createLabThatMoves(options, "SPOT");

it.each([
  ["a switch", createLab],
  ["a move", movingLab],
] as const)(
  "%s to whose end nothing happens is the same noted and recalled",
  async (_name, create) => {
    const options: LabOptions = { ...rich.stateless, seed: 7 };
    const made = await ended(await create(options));
    const undisturbedUntil = "END";
    expect(await ended(await create({ ...options, undisturbedUntil }))).toEqual(made);
    expect(await ended(await create({ ...options, undisturbedUntil }))).toEqual(made);
    // From what was noted then.
    expect(await ended(await create({ ...options, undisturbedUntil: { change: 4 } }))).toEqual(
      made,
    );
  },
);

it.each([
  ["its way back", createLabOnSpot],
  ["its recovery", createLabLost],
] as const)("a switch before %s is the same made, noted and recalled", async (_name, create) => {
  const options = create === createLabLost ? lossy : richOnSpot["stop-and-image"];
  const made = await ended(await create(options));
  expect(await ended(await create(options))).toEqual(made);
  expect(await ended(await create(options))).toEqual(made);
  const undisturbedUntil = { change: 4 };
  expect(await ended(await create({ ...options, undisturbedUntil }))).toEqual(made);
});

/** What is left of an account, its evaluation's ending aside. */
const leftIn = ({ platform: { cloud }, clock, table }: LabAccount, story: unknown) => ({
  story: withoutPlaces(story),
  now: clock.now(),
  journal: [...cloud.journal],
  items: (table as MemoryTable).items().map(withoutPlaces),
  requestId: cloud.newRequestId(),
  number: cloud.random.next(),
});

const runGroup = async (around?: FunctionRuns) => {
  const watchers = around === undefined ? {} : { around };
  const lab = await createGroupLab({ size: 2, policy: { batch_size: 2 }, watchers });
  return leftIn(lab.account, await lab.run());
};

const runNode = async (around?: FunctionRuns) => {
  const lab = await createNodeLab(around === undefined ? {} : { around });
  const left = leftIn(lab.account, await lab.run());
  return { ...left, requests: [...lab.cluster.kubernetes.journal] };
};

/** Nobody runs the clock while the janitor is called. */
const runByHand = async (around?: FunctionRuns) => {
  const lab = await openLab(rich.stateless, around);
  const story = await lab.run();
  for (let run = 0; run < 3; run += 1) {
    await lab.platform.functions.invoke("schedule-janitor", {});
    await lab.clock.run({ atMostMs: lab.clock.now() + 60 * 60_000 });
  }
  return leftIn(lab.account, story);
};

it.each<[string, (around?: FunctionRuns) => Promise<object>]>([
  ["a group", runGroup],
  ["a node", runNode],
  ["an instance, and what the janitor does by hand,", runByHand],
])("the switch of %s is the same decided, noted and recalled in part", async (_name, run) => {
  const made = await run();
  const noted = new FunctionRuns();
  expect(await run(noted)).toEqual(made);
  for (const part of [0.5, 1]) {
    const recalled = noted.all.slice(0, Math.ceil(noted.all.length * part));
    expect(await run(new FunctionRuns(recalled))).toEqual(made);
  }
});

it("a reading that is recalled takes from EC2's buckets as one that is made does", async () => {
  type Ask = (cloud: Cloud, request: CloudRequest) => Promise<unknown>;
  const untilRefused = async (ask: Ask) => {
    const { cloud } = (await createLab({ throttle: true })).platform;
    const { accessKeyId } = cloud.identities.addUser({ accountId, name: "reader" });
    const operation = "DescribeVolumes";
    const request: CloudRequest = { service: "ec2", operation, region, accessKeyId, input: {} };
    for (let answers = 0; answers < 1000; answers += 1) {
      const refusal = await ask(cloud, request).then(() => undefined, String);
      if (refusal !== undefined) return { answers, refusal };
    }
    throw new Error("It was never refused.");
  };
  const made = await untilRefused((cloud, request) => cloud.call(request));
  const recalled = await untilRefused((cloud, request) => cloud.recallReading(request, {}));
  expect(recalled).toEqual(made);
  expect(made).toMatchObject({ refusal: expect.stringContaining("Request limit exceeded") });
});

it("a laboratory fails where what is said to be undisturbed is not", async () => {
  const lab = await createLab({ ...rich.stateless, undisturbedUntil: { change: 9 } });
  lab.platform.ec2.control.terminateByOwner(lab.originalId);
  await expect(lab.run()).rejects.toThrow("cannot be recalled");
});
