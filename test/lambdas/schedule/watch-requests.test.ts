/** The second channel of notices, where no event tells. */
import { describe, expect, it } from "@jest/globals";
import { listEvaluations } from "../../../adapters/store/evaluations.ts";
import { listWatched } from "../../../adapters/store/watched-places.ts";
import { updateCallBudget } from "../../../adapters/store/call-budgets.ts";
import { accountIdSchema, targetIdSchema } from "../../../core/model/ids.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { createLabAtRisk, type LabOptions } from "../../../local/lab/lab.ts";
import { lossy, richOnSpot } from "../../../local/lab/scenarios.ts";

const sessionName = "watch-requests";
const prod = { allow_prod_linear: true, accept_unproved: true };
const withData = richOnSpot["stop-and-image"];

/** Its account forwards no events. */
const open = async (options: LabOptions, environment: "LAB" | "PROD" = "PROD"): Promise<Lab> => {
  const policy = { ...options.policy, ...(environment === "PROD" && prod) };
  return createLabAtRisk({ ...options, environment, policy });
};

const placeOf = ({ account: { accountId, region } }: Lab) => ({
  accountId: accountIdSchema.parse(accountId),
  region,
});

const sweep = ({ platform, ...lab }: Lab): Promise<unknown> =>
  platform.functions.invoke("schedule-sweep-place", placeOf({ platform, ...lab }));

/** One run of the function, with its pause. */
const watch = async ({ platform, clock }: Lab): Promise<unknown> => {
  let answer: unknown;
  clock.schedule(clock.now(), async () => {
    answer = await platform.functions.invoke("schedule-watch-requests", {});
  });
  await clock.run({ atMostMs: clock.now() + 45_000 });
  return answer;
};

const callsOf = ({ platform }: Lab): readonly string[] =>
  platform.cloud.journal
    .filter((call) => call.sessionName === sessionName)
    .map(({ operation }) => operation);

const recoveriesOf = async ({ table, targetId }: Lab) => {
  const { items } = await listEvaluations(table, {
    targetId: targetIdSchema.parse(targetId),
    limit: 20,
  });
  return items.filter(({ kind }) => kind === "RECOVER");
};

describe("the Spot requests of PROD targets with data", () => {
  it("are read twice a minute, by one call each time, once a sweep has found them", async () => {
    const lab = await open(withData);
    expect(await watch(lab)).toMatchObject({ looks: 0, started: 0 });
    expect(callsOf(lab)).toEqual([]);
    await sweep(lab);
    expect(await watch(lab)).toMatchObject({ looks: 2, started: 0 });
    expect(callsOf(lab)).toEqual(["DescribeSpotInstanceRequests", "DescribeSpotInstanceRequests"]);
  });

  it("tell of a notice of which no event tells: the recovery begins within half a minute, once", async () => {
    const lab = await open(withData);
    await sweep(lab);
    const { clock, control } = lab;
    let noticedMs = 0;
    clock.schedule(clock.now() + 5_000, () => {
      noticedMs = clock.now();
      control.interrupt(lab.originalId);
    });
    expect(await watch(lab)).toMatchObject({ looks: 2, started: 1 });
    expect(await watch(lab)).toMatchObject({ started: 0 });
    await clock.run({ atMostMs: clock.now() + 60 * 60_000 });
    const [recovery, ...others] = await recoveriesOf(lab);
    expect(others).toEqual([]);
    expect(recovery).toMatchObject({ startedBy: "watch", status: "SWITCHED" });
    expect(Date.parse(recovery?.startedAt ?? "") - noticedMs).toBeLessThan(30_000);
    expect(lab.watch.broken).toEqual([]);
    // It stands elsewhere than the last sweep has noted.
    expect(await watch(lab)).toMatchObject({ looks: 2, started: 0 });
  });

  it("start nothing for what its owner has ended", async () => {
    const lab = await open(withData);
    await sweep(lab);
    lab.control.terminateByOwner(lab.originalId);
    expect(await watch(lab)).toMatchObject({ looks: 2, started: 0 });
    expect(await recoveriesOf(lab)).toEqual([]);
  });

  it("are not read where sweeps have taken what the request limits leave", async () => {
    const lab = await open(withData);
    await sweep(lab);
    const takenUntil = new Date(lab.clock.now() + 300_000).toISOString();
    const bucket = { place: placeOf(lab), family: "DESCRIBE" } as const;
    await updateCallBudget(lab.table, bucket, () => ({ takenUntil }));
    expect(await watch(lab)).toMatchObject({ looks: 0 });
    expect(callsOf(lab)).toEqual([]);
  });
});

describe("what is not watched so closely", () => {
  it.each([
    ["a load without data", lossy, "PROD"],
    ["a load with data in a LAB account", withData, "LAB"],
  ] as const)("%s leaves no trace in the table", async (_what, options, environment) => {
    const lab = await open(options, environment);
    await sweep(lab);
    expect(await listWatched(lab.table)).toEqual([]);
  });
});
