/** A month of a small fleet in virtual time, with all that a naive ledger gets wrong: switches, interruptions, ways back, roll-backs, an owner who stops at night. */
import * as z from "zod";
import type { Bill } from "../cloud/billing/service.ts";
import { CloudError } from "../cloud/contract.ts";
import { createRandom, type Random } from "../cloud/random.ts";
import { marketOf, smallMarketTypes } from "./small-market.ts";
import { forwardEvents, openAccount, type AccountOptions, type LabAccount } from "./account.ts";
import { addWorkload, register, startEvaluation, type Workload } from "./subject.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** In the middle of a month that is billed: what runs then runs on into the next. */
const startMs = Date.parse("2026-03-02T09:00:00Z");

const workloads = {
  stateless: { instanceType: "m5.large", elasticIp: true, rootGib: 30 },
  stateful: {
    instanceType: "m5.large",
    elasticIp: true,
    rootGib: 30,
    dataVolumes: [{ sizeGib: 100 }],
  },
  nightly: { instanceType: "m5.large", rootGib: 30 },
} as const satisfies Readonly<Record<string, Workload>>;
type Kind = keyof typeof workloads;

interface Site {
  readonly kind: Kind;
  readonly targetId: string;
  readonly allocationId: string;
  readonly originalId: string;
}

export interface Month {
  readonly account: LabAccount;
  readonly bill: Bill;
  readonly sites: readonly Site[];
  /** How often each has happened. */
  readonly happened: Readonly<Record<string, number>>;
  /** Errors of runs that failed. */
  readonly failures: readonly unknown[];
}

const registrations = {
  stateless: {
    isShadowMode: false,
    policyOverrides: {
      consistency: "stateless",
      accept_change_of: ["primary-private-ip"],
      dwell_hours: 0,
    },
  },
  stateful: {
    isShadowMode: false,
    policyOverrides: {
      consistency: "stop-and-image",
      accept_change_of: ["primary-private-ip"],
      dwell_hours: 0,
      max_downtime_minutes_per_30_days: 1_000,
    },
  },
  nightly: {
    isShadowMode: true,
    policyOverrides: { consistency: "stateless", accept_change_of: ["primary-private-ip"] },
  },
} as const;

const open = ({ seed, around = {} }: MonthWanted): Promise<LabAccount> =>
  openAccount({
    ...around.account,
    market: marketOf(smallMarketTypes),
    seed,
    startMs,
    region: "us-east-1",
    version: "bench",
    name: "ledger",
    front: "direct",
    throttle: false,
  });

const addSite = async (account: LabAccount, kind: Kind): Promise<Site> => {
  const instance = addWorkload(account, workloads[kind]);
  const targetId = await register(account, instance, registrations[kind]);
  const [allocationId = ""] = instance.allocationIds;
  return { kind, targetId, allocationId, originalId: instance.instanceId };
};

/** The functions that the ledger is made by, and the janitor, who ends what is retired. */
const schedules = [
  ["ledger-note-spans", 15 * minuteMs],
  ["ledger-state-days", hourMs],
  ["schedule-janitor", 30 * minuteMs],
] as const;

const keepSchedules = ({ clock, platform }: LabAccount, failures: unknown[]): void => {
  const come = ([name, everyMs]: (typeof schedules)[number]): void => {
    clock.schedule(clock.now() + everyMs, async () => {
      come([name, everyMs] as (typeof schedules)[number]);
      try {
        await platform.functions.invoke(name, {});
      } catch (error) {
        failures.push(error);
      }
    });
  };
  for (const each of schedules) come(each);
};

interface Acting {
  readonly account: LabAccount;
  readonly random: Random;
  readonly tell: (what: string) => void;
}

const holderOf = ({ account }: Acting, { allocationId }: Site): string | undefined =>
  account.platform.ec2.control.holderOf(account.accountId, allocationId);

const isOnSpot = (acting: Acting, site: Site): boolean => {
  const holder = holderOf(acting, site);
  return (
    holder !== undefined && acting.account.platform.ec2.control.find(holder)?.lifecycle === "spot"
  );
};

const passMinutes = ({ account: { clock } }: Acting, minutes: number): Promise<void> =>
  clock.run({ atMostMs: clock.now() + minutes * minuteMs });

const evaluate = async (acting: Acting, { targetId }: Site, body?: unknown): Promise<void> => {
  const { account, tell } = acting;
  const started = await startEvaluation(account, targetId, body);
  for (let waited = 0; waited < 24; waited += 1) {
    await passMinutes(acting, 10);
    const { status } = await account.api.get(
      `/evaluations/${started.evaluation_id}`,
      z.object({ status: z.string() }),
    );
    if (status === "RUNNING" || status === "PENDING") continue;
    tell(status);
    return;
  }
  throw new Error(`${started.evaluation_id} does not come to its end.`);
};

/** The identity can't be moved for as long as the evaluation lives: it is undone. */
const evaluateAndFail = async (acting: Acting, site: Site): Promise<void> => {
  const release = acting.account.platform.cloud.faults.before(({ operation }) => {
    if (operation !== "AssociateAddress") return;
    throw new CloudError("UnauthorizedOperation", "You are not authorized.", 403);
  });
  const isReleased = acting.account.clock.schedule(
    acting.account.clock.now() + 40 * minuteMs,
    release,
  );
  await evaluate(acting, site);
  isReleased();
  release();
  // A roll-back with a downtime halts the account until a person has looked.
  const { api, accountId } = acting.account;
  const body = { halted: false, reason: "The role may again" };
  await api.send({ method: "PUT", path: `/accounts/${accountId}/switching`, body });
};

const interrupt = (acting: Acting, site: Site): void => {
  const holder = holderOf(acting, site);
  if (holder === undefined || !isOnSpot(acting, site)) return;
  acting.account.platform.ec2.control.interrupt(holder);
  acting.tell("INTERRUPTED");
};

/** One thing that happens to a site; what it needs is done before. */
const happenTo = async (acting: Acting, site: Site): Promise<void> => {
  const draw = acting.random.integer(0, 5);
  if (!isOnSpot(acting, site)) {
    if (draw === 0) return evaluateAndFail(acting, site);
    await evaluate(acting, site);
    // Within its first hour, sometimes: that costs nothing.
    if (draw !== 1) return;
    await passMinutes(acting, acting.random.integer(5, 40));
    interrupt(acting, site);
    return passMinutes(acting, 60);
  }
  if (draw < 3) {
    interrupt(acting, site);
    return passMinutes(acting, 90);
  }
  return draw === 3 ? evaluate(acting, site, { to: "ON_DEMAND" }) : undefined;
};

/** He stops it at eight in the evening, and starts it at six in the morning. */
const keepNights = ({ account }: Acting, { originalId }: Site): void => {
  const { clock, platform, accountId, region } = account;
  const { accessKeyId } = platform.cloud.identities.addUser({ accountId, name: "owner" });
  const act = (operation: "StopInstances" | "StartInstances"): Promise<unknown> =>
    platform.cloud.call({
      service: "ec2",
      operation,
      region,
      accessKeyId,
      input: { InstanceIds: [originalId] },
    });
  const come = (): void => {
    clock.schedule(clock.now() + 11 * hourMs + 7 * minuteMs, async () => {
      await act("StopInstances");
      clock.schedule(clock.now() + 10 * hourMs, async () => {
        await act("StartInstances");
      });
      clock.schedule(clock.now() + 12 * hourMs + 53 * minuteMs, come);
    });
  };
  come();
};

const runOut = async (acting: Acting, days: number): Promise<void> => {
  // Until the last day is settled.
  const { clock, platform } = acting.account;
  const endMs = Math.ceil((startMs + days * dayMs) / dayMs) * dayMs + 3 * hourMs;
  await clock.run({ atMostMs: endMs });
  await platform.functions.invoke("ledger-note-spans", {});
  await platform.functions.invoke("ledger-state-days", {});
};

export interface MonthWanted {
  readonly seed: number;
  /** From its beginning to the last thing that happens in it. */
  readonly days: number;
  /** Nothing happens to what would be moved: the same month without us. */
  readonly isQuiet?: boolean;
  /** Of who looks on: how the account is opened, and what is done in it before anything happens. */
  readonly around?: {
    readonly account?: Pick<AccountOptions, "log" | "parameters">;
    readonly begin?: (account: LabAccount) => Promise<void>;
  };
}

export const passMonth = async (wanted: MonthWanted): Promise<Month> => {
  const { seed, days, isQuiet, around } = wanted;
  const account = await open(wanted);
  const bill = account.platform.billing.start();
  await forwardEvents(account);
  await around?.begin?.(account);
  const happened: Record<string, number> = {};
  const failures: unknown[] = [];
  const acting = {
    account,
    random: createRandom(seed).fork("month"),
    tell: (what: string) => {
      happened[what] = (happened[what] ?? 0) + 1;
    },
  };
  const moved = [await addSite(account, "stateless"), await addSite(account, "stateful")];
  const nightly = await addSite(account, "nightly");
  keepSchedules(account, failures);
  keepNights(acting, nightly);
  await account.platform.functions.invoke("ledger-note-spans", {});
  const { clock } = account;
  while (isQuiet !== true && clock.now() < startMs + days * dayMs) {
    for (const site of moved) await happenTo(acting, site);
    await passMinutes(acting, acting.random.integer(6 * 60, 30 * 60));
  }
  await runOut(acting, days);
  return { account, bill, sites: [...moved, nightly], happened, failures };
};
