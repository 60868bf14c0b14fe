/** What carries our tags and no intent claims is listed, told once, and never touched (safety law, section 3); nothing else is. */
import { describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { updateCallBudget } from "../../../adapters/store/call-budgets.ts";
import { keepDeploymentId } from "../../../adapters/store/deployment.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { accountIdSchema, deploymentIdSchema } from "../../../core/model/ids.ts";
import { deploymentTag, evaluationTag, managedByTag } from "../../../core/model/tags.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { createKiller, harmCall, refusals } from "../../../local/lab/harm.ts";
import { accountId, createLab, region, type LabOptions } from "../../../local/lab/lab.ts";
import { hourMs } from "../../../local/lab/schedules.ts";
import { asOwner, atFirst, plain, rich, throwKillSwitch } from "../../../local/lab/scenarios.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";

type Tags = Readonly<Record<string, string>>;
const tagList = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

const pass = ({ clock }: Lab, hours: number): Promise<void> =>
  clock.run({ atMostMs: clock.now() + hours * hourMs });

/** A reading once the grace has passed. */
const look = async (lab: Lab): Promise<string> => {
  const { summary } = z
    .object({ summary: z.string() })
    .parse(await lab.platform.functions.invoke("schedule-find-unclaimed", {}));
  return summary;
};

const later = async (lab: Lab, hours = 7): Promise<string> => {
  await pass(lab, hours);
  return look(lab);
};

interface Row {
  readonly kind: string;
  readonly id: string;
  readonly reason: string;
  readonly [field: string]: unknown;
}

const listed = async (lab: Lab, query = ""): Promise<readonly Row[]> => {
  const { status, body } = await lab.send("GET", `/unclaimed-resources${query}`);
  expect(status).toBe(200);
  return body["items"] as readonly Row[];
};

const ids = (rows: readonly Row[]): readonly string[] => rows.map(({ id }) => id).toSorted();

const tellings = ({ logged }: Lab): readonly string[] =>
  logged.filter((line) => line.includes("carries our tags, and"));

/** A reservation of capacity ends by itself, at its end date. */
const resourcesIn = ({ control }: Lab): readonly unknown[] =>
  control.resources(accountId).filter(({ kind }) => kind !== "capacity-reservation");

/** What the function has called in the account, from here on. */
const callsOf = ({ platform: { cloud } }: Lab) => {
  const from = cloud.journal.length;
  return () =>
    cloud.journal
      .slice(from)
      .filter((entry) => entry.accountId === accountId && entry.roleArn !== undefined);
};

const replacementOf = ({ swap }: Ending): string => swap?.replacement?.instanceId ?? "";

const switched = async (options: LabOptions): Promise<{ lab: Lab; story: Ending }> => {
  const lab = await createLab({ ...options, undisturbedUntil: "END" });
  const story = await lab.run();
  expect(story.status).toBe("SWITCHED");
  return { lab, story };
};

/** Of what our evaluation has made, for whoever copies them. */
const tagsOf = (lab: Lab, id: string): Tags =>
  lab.control.resources(accountId).find((each) => each.id === id)?.tags ?? {};

const volumeOf = (lab: Lab, instanceId: string): string =>
  lab.control.find(instanceId)?.volumes[0]?.volumeId ?? "";

describe("what an evaluation has made, and an intent claims", () => {
  it.each(Object.entries(rich))("is not listed after a switch: %s", async (_, scenario) => {
    const { lab } = await switched(scenario);
    await look(lab);
    await later(lab);
    expect(await listed(lab)).toEqual([]);
    // The janitor's time has come for all that is due.
    for (let day = 0; day < 10; day += 1) {
      await lab.platform.functions.invoke("schedule-janitor", {});
      await later(lab, 24);
    }
    expect(await listed(lab)).toEqual([]);
    expect(tellings(lab)).toEqual([]);
  });

  it.each(Object.entries(rich))("is not listed after a roll-back: %s", async (_, scenario) => {
    const lab = await createLab({ ...scenario, undisturbedUntil: { calls: "AssociateAddress" } });
    harmCall(lab.platform, {
      harm: "unauthorized",
      nth: 1,
      matches: ({ operation }) => operation === "AssociateAddress",
    });
    const story = await lab.run();
    expect(story.status).not.toBe("SWITCHED");
    await later(lab);
    await later(lab);
    expect(await listed(lab)).toEqual([]);
  });

  it("is not listed while its evaluation goes on, copies of it neither: these are once it has ended", async () => {
    const lab = await createLab(rich["stop-and-image"]);
    const release = lab.control.stallImages(() => true);
    const { body } = await lab.evaluate();
    const id = z.string().parse(body["evaluation_id"]);
    const statusOf = async () => (await lab.send("GET", `/evaluations/${id}`)).body["status"];
    await pass(lab, 0.1);
    const image = lab.control
      .resources(accountId)
      .find(({ kind, tags }) => kind === "image" && tags[evaluationTag] === id);
    if (image === undefined) throw new Error("There is no image yet.");
    const { SnapshotId: copy } = (await asOwner(lab)("CreateSnapshot", {
      VolumeId: lab.watch.rootVolumeId,
      TagSpecifications: [{ ResourceType: "snapshot", Tags: tagList(image.tags) }],
    })) as { readonly SnapshotId: string };
    await pass(lab, 1.2);
    await look(lab);
    expect(await statusOf()).toBe("RUNNING");
    expect(await listed(lab)).toEqual([]);
    release();
    await later(lab);
    expect(await statusOf()).not.toBe("RUNNING");
    expect(ids(await listed(lab))).toEqual([copy]);
  });

  it("is not listed when the replacement was lost: what was written on its root is kept by name", async () => {
    const { lab, story } = await switched(rich["stop-and-image"]);
    lab.watch.excuse("replacement");
    lab.control.interrupt(replacementOf(story));
    await later(lab);
    await later(lab);
    expect(lab.control.find(replacementOf(story))).toBeUndefined();
    expect(await listed(lab)).toEqual([]);
  });

  it("is not listed where the answer that told its id was lost: the intent claims by token and name", async () => {
    const lab = await createLab(plain);
    const killer = createKiller();
    atFirst(lab, "RunInstances", {
      when: "after",
      what: async () => {
        await throwKillSwitch(lab);
        await killer.die();
      },
    });
    // The roll-back is not allowed to end what it finds: the evaluation needs a person.
    lab.platform.cloud.faults.before(({ operation }) => {
      if (operation === "TerminateInstances") throw refusals.unauthorized();
    });
    const story = await lab.run();
    expect(story.status).toBe("NEEDS_OPERATOR");
    await later(lab);
    await later(lab);
    expect(await listed(lab)).toEqual([]);
  });
});

describe("what carries our tags and no intent claims", () => {
  it("a backup plan's snapshot with copied tags is listed with what its tags say, told once, and not touched", async () => {
    const { lab, story } = await switched(plain);
    const copied = tagsOf(lab, replacementOf(story));
    const { SnapshotId: id } = (await asOwner(lab)("CreateSnapshot", {
      VolumeId: volumeOf(lab, replacementOf(story)),
      Description: "This snapshot is created by the AWS Backup service.",
      TagSpecifications: [{ ResourceType: "snapshot", Tags: tagList(copied) }],
    })) as { readonly SnapshotId: string };
    const madeAt = new Date(lab.clock.now()).toISOString();
    expect(await look(lab)).toContain("0 things new");
    expect(await listed(lab)).toEqual([]);

    const calls = callsOf(lab);
    const before = resourcesIn(lab);
    expect(await later(lab)).toContain("1 things new");
    const [row, ...others] = await listed(lab);
    expect(others).toEqual([]);
    expect(row).toEqual({
      account_id: accountId,
      region,
      kind: "snapshot",
      id,
      state: "completed",
      reason: "NO_INTENT",
      evaluation_id: story.evaluationId,
      made_at: madeAt,
      first_seen_at: expect.any(String),
      listed_at: expect.any(String),
    });
    for (let round = 0; round < 3; round += 1) {
      expect(await later(lab)).toContain("0 things new");
    }
    expect(await listed(lab)).toEqual([row]);
    expect(tellings(lab)).toHaveLength(1);
    expect(tellings(lab)[0]).toContain(id);
    expect(calls().filter(({ mutating }) => mutating)).toEqual([]);
    expect(resourcesIn(lab)).toEqual(before);
  });

  it("a customer's own image of a replacement, with copied tags, is listed with its snapshots, and so is what he launches from it", async () => {
    const { lab, story } = await switched(rich["stop-and-image"]);
    const copied = tagList(tagsOf(lab, replacementOf(story)));
    const owner = asOwner(lab);
    const { ImageId: imageId } = (await owner("CreateImage", {
      InstanceId: replacementOf(story),
      Name: "golden",
      NoReboot: true,
      TagSpecifications: [
        { ResourceType: "image", Tags: copied },
        { ResourceType: "snapshot", Tags: copied },
      ],
    })) as { readonly ImageId: string };
    await pass(lab, 0.5);
    const known = new Set(lab.control.resources(accountId).map(({ id }) => id));
    const { Instances: instances = [] } = (await owner("RunInstances", {
      ImageId: imageId,
      InstanceType: "m5.large",
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: [{ ResourceType: "instance", Tags: copied }],
    })) as { readonly Instances?: readonly { readonly InstanceId: string }[] };
    await look(lab);
    await later(lab);
    const rows = await listed(lab);
    const [launched] = instances;
    expect(
      rows
        .filter(({ kind }) => kind !== "snapshot")
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual([imageId, launched?.InstanceId].toSorted());
    expect(rows.every(({ reason }) => reason === "NO_INTENT")).toBe(true);
    expect(rows.filter(({ kind }) => kind === "snapshot")).not.toEqual([]);
    expect(ids(rows).filter((id) => !known.has(id))).toEqual([launched?.InstanceId]);
    // m5.large, On-Demand, 730 hours.
    const price = rows.find(({ kind }) => kind === "instance")?.["monthly_usd"];
    expect(price).toBeCloseTo(0.096 * 730, 2);
    for (let day = 0; day < 20; day += 1) {
      await lab.platform.functions.invoke("schedule-janitor", {});
      await later(lab, 24);
    }
    expect(lab.control.find(launched?.InstanceId ?? "")?.state).toBe("running");
    expect(ids(await listed(lab))).toEqual(ids(rows));
    expect(tellings(lab)).toHaveLength(rows.length);
  });

  it("another deployment's is not listed, whatever else it carries", async () => {
    const { lab, story } = await switched(rich["stop-and-image"]);
    // All that ours has, but for the deployment.
    const theirs = {
      ...tagsOf(lab, replacementOf(story)),
      [managedByTag.key]: managedByTag.value,
      [deploymentTag]: "dpl-0123456789",
    };
    await asOwner(lab)("CreateSnapshot", {
      VolumeId: volumeOf(lab, replacementOf(story)),
      TagSpecifications: [{ ResourceType: "snapshot", Tags: tagList(theirs) }],
    });
    await look(lab);
    await later(lab);
    expect(await listed(lab)).toEqual([]);
  });

  it("an instance of an evaluation that a table restored from yesterday does not know is listed, and not touched", async () => {
    const today = createMemoryTable();
    let current: Table = today;
    const table: Table = {
      get: (key, reading) => current.get(key, reading),
      put: (item, condition) => current.put(item, condition),
      delete: (key, condition) => current.delete(key, condition),
      query: (input) => current.query(input),
    };
    const lab = await createLab({ ...plain, table });
    const yesterday = createMemoryTable();
    for (const key of [
      { pk: `ACCOUNT#${accountId}`, sk: "RECORD" },
      { pk: `TARGET#${lab.targetId}`, sk: "RECORD" },
      { pk: `INSTANCE#${lab.originalId}`, sk: "CLAIM" },
    ]) {
      const item = await today.get(key);
      if (item === undefined) throw new Error(`There is no ${key.pk}.`);
      await yesterday.put(item, { ifAbsent: true });
    }
    const story = await lab.run();
    expect(story.status).toBe("SWITCHED");
    const deploymentId = await keepDeploymentId(today, deploymentIdSchema.parse("dpl-9999999999"));
    await keepDeploymentId(yesterday, deploymentId);
    current = yesterday;
    const before = resourcesIn(lab);
    const calls = callsOf(lab);
    await look(lab);
    await later(lab);
    const rows = await listed(lab);
    expect(ids(rows)).toContain(replacementOf(story));
    expect(rows.every(({ reason }) => reason === "NO_EVALUATION")).toBe(true);
    expect(rows.every((row) => row["evaluation_id"] === story.evaluationId)).toBe(true);
    for (let day = 0; day < 10; day += 1) {
      await lab.platform.functions.invoke("schedule-janitor", {});
      await later(lab, 24);
    }
    expect(calls().filter(({ mutating }) => mutating)).toEqual([]);
    expect(resourcesIn(lab)).toEqual(before);
    const lasting = rows.filter(({ kind }) => kind !== "capacity-reservation");
    expect(ids(await listed(lab))).toEqual(ids(lasting));
  });
});

describe("a row of the list", () => {
  const withSnapshot = async () => {
    const { lab, story } = await switched(plain);
    const owner = asOwner(lab);
    const { SnapshotId: id } = (await owner("CreateSnapshot", {
      VolumeId: volumeOf(lab, replacementOf(story)),
      TagSpecifications: [
        { ResourceType: "snapshot", Tags: tagList(tagsOf(lab, replacementOf(story))) },
      ],
    })) as { readonly SnapshotId: string };
    await look(lab);
    await later(lab);
    expect(ids(await listed(lab))).toEqual([id]);
    return { lab, story, owner, id };
  };

  it("goes when the thing is gone, which one reading does not tell", async () => {
    const { lab, owner, id } = await withSnapshot();
    await owner("DeleteSnapshot", { SnapshotId: id });
    await later(lab);
    expect(await listed(lab)).toMatchObject([{ id, missing_since: expect.any(String) }]);
    await later(lab);
    expect(await listed(lab)).toEqual([]);
    expect(tellings(lab)).toHaveLength(1);
  });

  it("stays, and is not told again, when AWS has not shown the thing once, and when it could not be read", async () => {
    const { lab, id } = await withSnapshot();
    let isHidden = true;
    const { faults } = lab.platform.cloud;
    faults.after(({ operation }, output) => {
      if (!isHidden || operation !== "DescribeSnapshots") return;
      (output as { readonly Snapshots: unknown[] }).Snapshots.splice(0);
    });
    await later(lab);
    expect(await listed(lab)).toMatchObject([{ id, missing_since: expect.any(String) }]);
    isHidden = false;
    await later(lab);
    const [row] = await listed(lab);
    expect(row).not.toHaveProperty("missing_since");
    let isRefused = true;
    faults.before(({ operation }) => {
      if (isRefused && operation === "DescribeSnapshots") throw refusals.unauthorized();
    });
    for (let round = 0; round < 4; round += 1) expect(await later(lab)).toContain("1 failed");
    expect(await listed(lab)).toEqual([row]);
    isRefused = false;
    expect(await later(lab)).toContain("1 places read");
    expect(tellings(lab)).toHaveLength(1);
  });

  it("is not looked for while sweeps have taken what the account's request limits leave, and is an hour later", async () => {
    const { lab } = await switched(plain);
    await look(lab);
    await pass(lab, 7);
    const takenUntil = new Date(lab.clock.now() + 5 * 60_000).toISOString();
    const budget = { place: { accountId: accountIdSchema.parse(accountId), region } };
    await updateCallBudget(lab.table, { ...budget, family: "DESCRIBE" }, () => ({ takenUntil }));
    const calls = callsOf(lab);
    expect(await look(lab)).toMatch(/^0 places read, 1 failed/);
    expect(calls().filter(({ service }) => service === "ec2")).toEqual([]);
    expect(await later(lab, 1)).toMatch(/^1 places read, 0 failed/);
  });

  it("goes with the account that is disconnected", async () => {
    const { lab } = await withSnapshot();
    expect((await lab.send("DELETE", `/lab/instances/${lab.targetId}`)).status).toBe(204);
    const path = `/accounts/${accountId}`;
    const { body } = await lab.send("DELETE", `${path}?dry_run=true`);
    expect(body["untouched"]).toHaveLength(1);
    const plan = z.string().parse(body["hash"]);
    expect((await lab.send("DELETE", `${path}?plan=${plan}`)).status).toBe(202);
    for (let run = 0; run < 6; run += 1) {
      await lab.platform.functions.invoke("schedule-off-board", {});
      await pass(lab, 1);
    }
    expect((await lab.send("GET", path)).status).toBe(404);
    expect(await look(lab)).toContain("0 places read");
    expect(await listed(lab)).toEqual([]);
  });

  it("is found by account and region, and by no other", async () => {
    const { lab, id } = await withSnapshot();
    expect(ids(await listed(lab, `?account_id=${accountId}&region=${region}`))).toEqual([id]);
    expect(ids(await listed(lab, `?region=${region}`))).toEqual([id]);
    expect(await listed(lab, `?account_id=${accountId}&region=eu-west-1`)).toEqual([]);
    expect(await lab.send("GET", "/unclaimed-resources?account_id=999988887777")).toMatchObject({
      status: 404,
    });
  });
});
