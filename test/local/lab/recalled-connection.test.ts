import { expect, it } from "@jest/globals";
import type { Table } from "../../../adapters/store/table.ts";
import { openAccount, type AccountOptions, type LabAccount } from "../../../local/lab/account.ts";
import { dearMarket } from "../../../local/lab/dear-market.ts";
import { runToEnd } from "../../../local/lab/run.ts";
import { smallMarket } from "../../../local/lab/small-market.ts";
import { addWorkload, register, startEvaluation } from "../../../local/lab/subject.ts";
import type { MemoryTable } from "../../../local/platform/memory-table.ts";

const opened = async (
  options: Partial<AccountOptions>,
): Promise<{ readonly account: LabAccount; readonly asked: number }> => {
  let asked = 0;
  const account = await openAccount({
    market: smallMarket,
    seed: 1,
    startMs: Date.parse("2026-03-02T09:00:00Z"),
    region: "us-east-1",
    version: "0.0.0",
    name: "workshop",
    front: "direct",
    throttle: false,
    onPlatform: ({ cloud }) => {
      cloud.faults.before(() => {
        asked += 1;
      });
    },
    ...options,
  });
  return { account, asked };
};

const itemsOf = (table: Table): ReturnType<MemoryTable["items"]> => {
  if (!("items" in table)) throw new Error("The table is not in memory.");
  return (table as MemoryTable).items();
};

const stateOf = ({ platform, clock, table, externalId, accountId }: LabAccount) => ({
  now: clock.now(),
  pending: clock.pending,
  externalId,
  role: platform.cloud.identities.role(`arn:aws:iam::${accountId}:role/SpotOptimizerRole`),
  journal: [...platform.cloud.journal],
  items: itemsOf(table),
});

/** What each source of chance gives next. */
const nextOf = ({ platform: { cloud }, accountId }: LabAccount) => ({
  user: cloud.identities.addUser({ accountId, name: "next" }),
  requestId: cloud.newRequestId(),
  number: cloud.random.next(),
});

const switched = async (account: LabAccount) => {
  const original = addWorkload(account, { instanceType: "m5.large", elasticIp: true });
  const targetId = await register(account, original, {
    isShadowMode: false,
    policyOverrides: { consistency: "stateless" },
  });
  const started = await startEvaluation(account, targetId);
  return { status: await runToEnd(account, started.execution_arn), ...stateOf(account) };
};

const laterLabs: readonly { readonly name: string; readonly options: Partial<AccountOptions> }[] = [
  { name: "the same seed", options: {} },
  { name: "another seed", options: { seed: 7 } },
  {
    name: "another market",
    options: { seed: 8, market: dearMarket(smallMarket, () => undefined) },
  },
  {
    name: "an EC2 that is behind",
    options: { seed: 9, settings: { visibilityMs: [300, 60_000] } },
  },
  { name: "production", options: { seed: 10, environment: "PROD" } },
];

it.each(laterLabs)("is as one that is made, with $name", async ({ options }) => {
  // The first one of a process is made.
  await opened({ ...options, seed: 1, isRecalled: true });
  const recalled = await opened({ ...options, isRecalled: true });
  const made = await opened(options);
  expect([recalled.asked, made.asked > 20]).toEqual([0, true]);
  expect(stateOf(recalled.account)).toEqual(stateOf(made.account));
  const after = await switched(recalled.account);
  expect(after.status).toBe("SUCCEEDED");
  expect(after).toEqual(await switched(made.account));
  expect(nextOf(recalled.account)).toEqual(nextOf(made.account));
});

it.each([
  { name: "through the bytes of the wire", options: { front: "in-process" } },
  { name: "with EC2's buckets", options: { throttle: true } },
] as const)("is made $name", async ({ options }) => {
  await opened({ ...options, isRecalled: true });
  const { asked } = await opened({ ...options, isRecalled: true });
  expect(asked).toBeGreaterThan(20);
});
