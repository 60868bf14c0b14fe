/** One account with one instance in virtual time, and what the ledger's two functions make of it. */
import { accountIdSchema, instanceIdSchema, targetIdSchema } from "../../../core/model/ids.ts";
import type { Place } from "../../../core/model/place.ts";
import type { LedgerDay } from "../../../core/model/ledger/day.ts";
import type { InstanceSpan } from "../../../core/model/ledger/span.ts";
import { listLedgerDays } from "../../../adapters/store/ledger-days.ts";
import { listEndedSpans, listOpenSpans } from "../../../adapters/store/ledger-spans.ts";
import { openAccount, type LabAccount } from "../../../local/lab/account.ts";
import { smallMarket } from "../../../local/lab/small-market.ts";
import {
  addWorkload,
  register,
  type RegistrationRequest,
  type Workload,
} from "../../../local/lab/subject.ts";

const region = "us-east-1";
const startMs = Date.parse("2026-03-02T09:00:00Z");
const minuteMs = 60_000;

export interface LedgerLab {
  readonly account: LabAccount;
  readonly targetId: string;
  readonly originalId: string;
  readonly place: Place;
  readonly pass: (minutes: number) => Promise<void>;
  /** A reading of what runs. */
  readonly note: () => Promise<unknown>;
  readonly state: () => Promise<unknown>;
  readonly asOwner: (operation: string, input: unknown) => Promise<unknown>;
  /** All of them, as they began. */
  readonly spans: () => Promise<readonly InstanceSpan[]>;
  readonly days: () => Promise<readonly LedgerDay[]>;
}

export const openLedgerLab = async (
  workload: Partial<Workload> = {},
  options: Partial<RegistrationRequest> = {},
): Promise<LedgerLab> => {
  const account = await openAccount({
    market: smallMarket,
    seed: 1,
    startMs,
    region,
    version: "test",
    name: "shop",
    front: "direct",
    throttle: false,
    settings: { visibilityMs: [0, 0] },
  });
  const { platform, clock, accountId, table } = account;
  const instance = addWorkload(account, { instanceType: "m5.large", rootGib: 30, ...workload });
  const targetId = await register(account, instance, {
    isShadowMode: true,
    policyOverrides: { consistency: "stateless", accept_change_of: ["primary-private-ip"] },
    ...options,
  });
  const { accessKeyId } = platform.cloud.identities.addUser({ accountId, name: "owner" });
  const place = { accountId: accountIdSchema.parse(accountId), region };
  return {
    account,
    targetId,
    place,
    originalId: instanceIdSchema.parse(instance.instanceId),
    pass: (minutes) => clock.run({ atMostMs: clock.now() + minutes * minuteMs }),
    note: () => platform.functions.invoke("ledger-note-spans", {}),
    state: () => platform.functions.invoke("ledger-state-days", {}),
    asOwner: (operation, input) =>
      platform.cloud.call({ service: "ec2", operation, region, accessKeyId, input }),
    spans: async () => {
      const open = await listOpenSpans(table, place);
      const ended = await listEndedSpans(table, place, "2026");
      return [...ended, ...open.values()].toSorted((one, other) =>
        one.startedAt < other.startedAt ? -1 : 1,
      );
    },
    days: () =>
      listLedgerDays(table, { targetId: targetIdSchema.parse(targetId), month: "2026-03" }),
  };
};
