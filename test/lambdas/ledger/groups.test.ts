import { describe, expect, it } from "@jest/globals";
import { accountIdSchema, targetIdSchema } from "../../../core/model/ids.ts";
import type { LedgerDay } from "../../../core/model/ledger/day.ts";
import { listLedgerDays } from "../../../adapters/store/ledger-days.ts";
import { listEndedSpans, listOpenSpans } from "../../../adapters/store/ledger-spans.ts";
import type { Bill } from "../../../local/cloud/billing/service.ts";
import type { LabAccount } from "../../../local/lab/account.ts";
import { createGroupLab } from "../../../local/lab/group-lab.ts";
import { createNodeLab } from "../../../local/lab/node-lab.ts";

const minuteMs = 60_000;

const pass = ({ clock }: LabAccount, minutes: number): Promise<void> =>
  clock.run({ atMostMs: clock.now() + minutes * minuteMs });

const note = ({ platform }: LabAccount): Promise<unknown> =>
  platform.functions.invoke("ledger-note-spans", {});

/** Of the day after the first, on which the price list holds from its beginning on. */
const dayAfter = async (account: LabAccount, targetId: string): Promise<LedgerDay | undefined> => {
  for (let hour = 0; hour < 8; hour += 1) {
    await pass(account, 6 * 60);
    await note(account);
    await account.platform.functions.invoke("ledger-state-days", {});
  }
  const days = await listLedgerDays(account.table, {
    targetId: targetIdSchema.parse(targetId),
    month: "2026-03",
  });
  return days.find(({ day }) => day === "2026-03-03");
};

const spansOf = async ({ table, accountId, region }: LabAccount) => {
  const place = { accountId: accountIdSchema.parse(accountId), region };
  const ended = await listEndedSpans(table, place, "2026");
  return [...ended, ...(await listOpenSpans(table, place)).values()];
};

const billed = (bill: Bill): number =>
  bill
    .lines({ from: "2026-03-03T00:00:00.000Z", to: "2026-03-04T00:00:00.000Z" })
    .filter(({ usageType }) => /(^|-)(Box|Spot)Usage:/.test(usageType))
    .reduce((sum, { costNanoUsd }) => sum + Number(costNanoUsd), 0);

describe("the ledger of a group", () => {
  it("counts its members once, whoever replaces them, at the type that its owner had, and pays what the bill has", async () => {
    const bills: Bill[] = [];
    const lab = await createGroupLab({
      watchers: {
        onPlatform: ({ billing }) => {
          bills.push(billing.start());
        },
      },
    });
    const { account } = lab;
    await note(account);
    const members = lab.group()?.members.length ?? 0;
    await lab.run();
    await note(account);
    const spans = await spansOf(account);
    const onSpot = spans.filter(({ purchase }) => purchase === "SPOT");
    expect(onSpot.length).toBeGreaterThan(0);
    for (const span of onSpot) {
      expect(span).toMatchObject({
        baseline: { instanceType: "m5.large" },
        replaces: expect.stringMatching(/^i-/),
      });
    }
    const found = await dayAfter(account, lab.targetId);
    expect(found?.wantedSeconds).toBe(members * 86_400);
    const { would, ran, doubleRunning } = found?.terms ?? {};
    expect(Number(would?.nanoUsd)).toBe(members * 24 * 96_000_000);
    const paid = Number(ran?.nanoUsd) + Number(doubleRunning?.nanoUsd);
    const due = bills.map(billed).reduce((sum, one) => sum + one, 0);
    expect(Math.abs(paid - due) / due).toBeLessThan(0.001);
  });

  it("knows the node that a managed node group has launched at our wish", async () => {
    const lab = await createNodeLab();
    const { account } = lab;
    await note(account);
    await lab.run();
    await note(account);
    const spans = await spansOf(account);
    expect(spans.filter(({ purchase }) => purchase === "SPOT")).toMatchObject([
      {
        launchedBy: expect.stringMatching(/^evl-/),
        replaces: expect.stringMatching(/^i-/),
        baseline: { instanceType: "m5.large" },
      },
    ]);
  });
});
