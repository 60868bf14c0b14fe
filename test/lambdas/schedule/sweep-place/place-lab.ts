/** An account with many targets in one place, and a sweep of it as Lambda would run it. */
import { listEvaluations } from "../../../../adapters/store/evaluations.ts";
import { listJudgedIn } from "../../../../adapters/store/judged-runs.ts";
import { listPlaceStandings } from "../../../../adapters/store/place-standings.ts";
import { accountIdSchema } from "../../../../core/model/ids.ts";
import type { JudgedRun } from "../../../../core/model/judged-run.ts";
import type { PlaceStanding } from "../../../../core/model/place-standing.ts";
import type { TargetOf } from "../../../../core/model/target.ts";
import {
  openAccount,
  type AccountOptions,
  type LabAccount,
} from "../../../../local/lab/account.ts";
import { addFleet } from "../../../../local/lab/fleet.ts";
import { startMs } from "../../../../local/lab/lab.ts";
import { smallMarket } from "../../../../local/lab/small-market.ts";
import type { Workload } from "../../../../local/lab/subject.ts";

const region = "us-east-1";

export interface SweepLab {
  readonly account: LabAccount;
  readonly place: {
    readonly accountId: ReturnType<typeof accountIdSchema.parse>;
    readonly region: string;
  };
  /** Instances of m5.large, each with its target. */
  readonly add: (count: number, change?: Change) => Promise<readonly string[]>;
  /** @throws what the function throws */
  readonly sweep: () => Promise<Swept>;
  readonly runs: () => Promise<readonly JudgedRun[]>;
  readonly standing: () => Promise<PlaceStanding | undefined>;
  /** Targets of evaluations that were begun. */
  readonly started: () => Promise<readonly string[]>;
}

interface Swept {
  readonly kind: string;
  readonly judged: number;
  readonly looked: number;
  readonly started: number;
  readonly failed: number;
  readonly postponed: number;
}

interface Change {
  readonly isShadowMode?: boolean;
  readonly workload?: Partial<Workload>;
  readonly target?: Partial<TargetOf<"LINEAR">>;
}

export const minuteMs = 60_000;

export const openSweepLab = async (
  options: Partial<
    Pick<AccountOptions, "environment" | "log" | "market" | "settings" | "table" | "throttle">
  > = {},
): Promise<SweepLab> => {
  const account = await openAccount({
    market: smallMarket,
    seed: 1,
    startMs,
    region,
    version: "0.0.0",
    name: "sweep",
    front: "direct",
    ...options,
  });
  const { platform } = account;
  const accountId = accountIdSchema.parse(account.accountId);
  const place = { accountId, region };
  return {
    account,
    place,
    add: async (count, { isShadowMode = true, workload, target } = {}) => {
      const added = await addFleet(account, {
        place,
        count,
        workloadOf: () => ({ instanceType: "m5.large", ...workload }),
        target: { isShadowMode, ...target },
      });
      return added.map(({ targetId }) => targetId);
    },
    sweep: () => platform.functions.invoke("schedule-sweep-place", place) as Promise<Swept>,
    runs: async () => {
      const runs = await listJudgedIn(account.table, place);
      return [...runs.values()].map(({ run }) => run);
    },
    standing: async () =>
      (await listPlaceStandings(account.table, accountId)).find((one) => one.region === region),
    started: async () => {
      const { items } = await listEvaluations(account.table, { limit: 1000 });
      return items.map(({ targetId }) => targetId);
    },
  };
};

/** Time passes, and what was started goes on. */
export const passMinutes = ({ account: { clock } }: SweepLab, minutes: number): Promise<void> =>
  clock.run({ atMostMs: clock.now() + minutes * minuteMs });
