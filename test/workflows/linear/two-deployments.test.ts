/** Two deployments of the product work in one customer's account, each with a store of its own: neither touches what the other made. */
import { describe, expect, it } from "@jest/globals";
import { keepDeploymentId } from "../../../adapters/store/deployment.ts";
import { listDueIntents } from "../../../adapters/store/intents.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { deploymentIdSchema } from "../../../core/model/ids.ts";
import { deploymentTag } from "../../../core/model/tags.ts";
import { openAccount, type LabAccount } from "../../../local/lab/account.ts";
import { hourMs } from "../../../local/lab/schedules.ts";
import { smallMarket } from "../../../local/lab/small-market.ts";
import {
  addWorkload,
  readEvaluation,
  register,
  startEvaluation,
} from "../../../local/lab/subject.ts";
import { applyRoleTemplate } from "../../../local/platform/customer-account.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";

const region = "us-east-1";

/** The functions of both run in one process, one deployment at a time: what differs is the store. */
const createStage = async () => {
  let current: Table = createMemoryTable();
  const table: Table = {
    get: (key, reading) => current.get(key, reading),
    put: (item, condition) => current.put(item, condition),
    delete: (key, condition) => current.delete(key, condition),
    query: (input) => current.query(input),
  };
  const account = await openAccount({
    market: smallMarket,
    seed: 1,
    startMs: Date.parse("2026-03-02T09:00:00Z"),
    region,
    version: "test",
    name: "shared",
    front: "direct",
    throttle: false,
    table,
  });
  const use = (next: Table): void => {
    current = next;
  };
  return { account, use, first: current };
};

const applyRole = async ({ platform, api, accountId }: LabAccount): Promise<void> => {
  const yaml = await api.getText(`/accounts/${accountId}/role-template`);
  applyRoleTemplate(platform.cloud, { accountId, yaml });
};

const connect = async (account: LabAccount): Promise<void> => {
  const { api, accountId } = account;
  const body = { account_id: accountId, name: "second", environment: "LAB", regions: [region] };
  const made = await api.send({ method: "POST", path: "/accounts", body });
  expect(made.status).toBe(201);
  await applyRole(account);
  const verified = await api.send({ method: "POST", path: `/accounts/${accountId}/verify` });
  expect(JSON.parse(verified.text)).toMatchObject({ verified: true });
};

const switchOne = async (account: LabAccount): Promise<{ readonly originalId: string }> => {
  const instance = addWorkload(account, { instanceType: "m5.large", elasticIp: true });
  const target = await register(account, instance, {
    isShadowMode: false,
    policyOverrides: { accept_change_of: ["primary-private-ip"] },
  });
  const { evaluation_id: id } = await startEvaluation(account, target);
  await account.clock.run({ atMostMs: account.clock.now() + 3 * hourMs });
  expect((await readEvaluation(account, id)).status).toBe("SWITCHED");
  return { originalId: instance.instanceId };
};

const idOf = (table: Table): Promise<string> =>
  keepDeploymentId(table, deploymentIdSchema.parse("dpl-9999999999"));

/** What carries the tags of a deployment, as it stands. A reservation of capacity ends by itself, at its end date. */
const madeBy = ({ platform, accountId }: LabAccount, deploymentId: string) =>
  platform.ec2.control
    .resources(accountId)
    .filter(
      ({ kind, tags }) => kind !== "capacity-reservation" && tags[deploymentTag] === deploymentId,
    );

const janitor = async ({ clock, platform }: LabAccount, hours: number): Promise<void> => {
  for (let hour = 0; hour < hours; hour += 12) {
    await clock.run({ atMostMs: clock.now() + 12 * hourMs });
    await platform.functions.invoke("schedule-janitor", {});
  }
};

const stateOf = ({ platform }: LabAccount, instanceId: string): string | undefined =>
  platform.ec2.control.find(instanceId)?.state;

/** EC2 forgets a terminated instance after an hour. */
const gone = ["terminated", undefined];

describe("two deployments in one account", () => {
  it("end what is theirs when it is due, and leave the other's as it is", async () => {
    const { account, use, first } = await createStage();
    const mine = await switchOne(account);
    const firstId = await idOf(first);
    const second = createMemoryTable();
    use(second);
    await connect(account);
    const theirs = await switchOne(account);
    const secondId = await idOf(second);
    expect(secondId).not.toBe(firstId);
    expect(madeBy(account, firstId).length).toBeGreaterThan(2);

    // The second one's janitor comes for ten days: everything of its own has become due by then, and of the first one's too.
    const before = madeBy(account, firstId);
    await janitor(account, 240);
    expect(stateOf(account, mine.originalId)).toBe("stopped");
    expect(madeBy(account, firstId)).toEqual(before);
    expect(gone).toContain(stateOf(account, theirs.originalId));
    expect(
      await listDueIntents(second, { now: new Date(account.clock.now()), limit: 100 }),
    ).toEqual([]);

    const left = madeBy(account, secondId);
    use(first);
    await applyRole(account);
    await janitor(account, 48);
    expect(gone).toContain(stateOf(account, mine.originalId));
    expect(madeBy(account, secondId)).toEqual(left);
    expect(await listDueIntents(first, { now: new Date(account.clock.now()), limit: 100 })).toEqual(
      [],
    );
  });

  it("refuse what the other one is changing, and list nothing of the other as their own", async () => {
    const { account, use, first } = await createStage();
    await switchOne(account);
    const serving = madeBy(account, await idOf(first)).find(({ kind }) => kind === "instance");
    use(createMemoryTable());
    await connect(account);
    for (const path of ["/lab/instances", "/evaluations"]) {
      expect(JSON.parse(await account.api.getText(path))).toEqual({ items: [] });
    }
    const instance = account.platform.ec2.control.find(serving?.id ?? "");
    if (instance === undefined) throw new Error("Nothing serves.");
    const target = await register(account, instance, { isShadowMode: false });
    const { evaluation_id: id } = await startEvaluation(account, target);
    await account.clock.run({ atMostMs: account.clock.now() + hourMs });
    expect(await readEvaluation(account, id)).toMatchObject({ status: "REFUSED", effects: [] });
  });
});
