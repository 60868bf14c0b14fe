/**
 * The matrix: each mutating call that a function of CLUSTER may make meets each harm, on the way, while it is undone, and while a person adopts what stands.
 * Which calls there are is what their functions' access declares; which of them a day makes is recorded from it, undisturbed.
 */
import { clusterFunctions } from "../../../lambdas/access/cluster.ts";
import type { FaultCall } from "../../../local/cloud/faults.ts";
import { isMutating } from "../../../local/cloud/journal.ts";
import type { GroupEnding, GroupLabOptions } from "../../../local/lab/group-lab.ts";
import { createKiller, harmCall, harms, isMutation, refusals } from "../../../local/lab/harm.ts";
import { FunctionRuns } from "../../../local/lab/function-runs.ts";
import { countUntil, type FunctionRun } from "../../../local/lab/recalled-runs.ts";
import { currentInvocation } from "../../../local/platform/invocation.ts";
import { labOf, type DayLab } from "./group-days.ts";

export const allHarms = [
  ...harms,
  "function killed before acting",
  "throttled",
  "kill switch",
] as const;
export type AnyHarm = (typeof allHarms)[number];

/** A day on which these calls are made. */
export interface CallDay {
  readonly name: string;
  readonly options: GroupLabOptions;
  /** What else goes wrong on it. */
  readonly trouble?: (lab: DayLab) => void;
  /** Default: one evaluation. */
  readonly run?: (lab: DayLab) => Promise<GroupEnding>;
}

type Stage = "on the way" | "undoing" | "adopting";

const stageOf = (name: string): Stage => {
  if (name === "restore" || name === "roll-back") return "undoing";
  return name === "adopt" ? "adopting" : "on the way";
};

export interface Cell {
  readonly stage: Stage;
  /** As IAM spells it. */
  readonly action: string;
  /** Among all mutating calls of the day, from 1. */
  readonly nth: number;
}

/** Those that must be there: what may be called, by stage, dry runs aside. */
export const declaredCells: readonly string[] = [
  ...new Set(
    Object.entries(clusterFunctions).flatMap(([name, { customer }]) =>
      ("cluster" in customer ? customer.cluster : [])
        .filter((action) => isMutating(action.split(":")[1] ?? ""))
        .map((action) => `${stageOf(name)}: ${action}`),
    ),
  ),
];

const actionOf = ({ service, operation }: FaultCall): string => `${service}:${operation}`;

/** The call that is made now. */
const cellOf = (call: FaultCall, nth: number): Cell => {
  const name = currentInvocation()?.name.replace(/^cluster-/, "") ?? "";
  return { stage: stageOf(name), action: actionOf(call), nth };
};

const startDay = async (day: CallDay, around: FunctionRuns): Promise<DayLab> => {
  const lab = await labOf({ ...day.options, watchers: { around } });
  day.trouble?.(lab);
  return lab;
};

const runDay = (lab: DayLab, { run = (one) => one.run() }: CallDay): Promise<GroupEnding> =>
  run(lab);

export interface RecordedDay extends CallDay {
  /** In order. */
  readonly cells: readonly Cell[];
  /** When each of the calls was made, in milliseconds since the epoch. */
  readonly times: readonly number[];
  readonly runs: readonly FunctionRun[];
  readonly ending: GroupEnding;
}

/** Undisturbed but for its own trouble. */
export const recordDay = async (day: CallDay): Promise<RecordedDay> => {
  const around = new FunctionRuns();
  const lab = await startDay(day, around);
  const cells: Cell[] = [];
  const times: number[] = [];
  const matches = isMutation(lab.name.accountId);
  // The trouble that the day has itself was put there before: what it refuses is not made.
  lab.platform.cloud.faults.before((call) => {
    if (!matches(call)) return;
    cells.push(cellOf(call, cells.length + 1));
    times.push(call.at);
  });
  const ending = await runDay(lab, day);
  return { ...day, cells, times, runs: around.all, ending };
};

export const spell = ({ stage, action }: Cell): string => `${stage}: ${action}`;

/** Of each day those that no earlier one has, and of each the first: what stands between the others is the same. */
export const firstCells = (days: readonly RecordedDay[]): readonly RecordedDay[] => {
  const seen = new Set<string>();
  return days.map((day) => ({
    ...day,
    cells: day.cells.filter((cell) => {
      const isNew = !seen.has(spell(cell));
      seen.add(spell(cell));
      return isNew;
    }),
  }));
};

const engageKillSwitch = ({ account }: DayLab): Promise<unknown> =>
  account.api.send({
    method: "PUT",
    path: "/kill-switch",
    body: { engaged: true, reason: "drill" },
  });

type Doing = (
  lab: DayLab,
  nth: number,
  matches: (call: FaultCall) => boolean,
) => {
  readonly isDone: () => boolean;
};

const others: Readonly<Record<Exclude<AnyHarm, (typeof harms)[number]>, Doing>> = {
  "function killed before acting": ({ platform }, nth, matches) => {
    const killer = createKiller();
    let seen = 0;
    platform.cloud.faults.before((call) => {
      if (!matches(call)) return undefined;
      seen += 1;
      return seen === nth && killer.deaths === 0 ? killer.die() : undefined;
    });
    return { isDone: () => killer.deaths === 1 };
  },
  throttled: ({ platform }, nth, matches) => {
    let seen = 0;
    let refused = 0;
    platform.cloud.faults.before((call) => {
      if (!matches(call)) return;
      seen += 1;
      if (seen < nth || refused > 2) return;
      refused += 1;
      throw refusals.throttled();
    });
    return { isDone: () => refused > 0 };
  },
  /** Right after the call before it. */
  "kill switch": (lab, nth, matches) => {
    let seen = 0;
    let isEngaged = false;
    lab.platform.cloud.faults.before((call) => {
      if (matches(call)) seen += 1;
    });
    lab.platform.cloud.faults.after(async (call) => {
      if (!matches(call) || isEngaged || seen !== nth - 1) return;
      isEngaged = true;
      await engageKillSwitch(lab);
    });
    return { isDone: () => isEngaged || nth === 1 };
  },
};

export interface HarmedDay {
  readonly lab: DayLab;
  readonly ending: GroupEnding;
  readonly isDone: boolean;
}

/** The same day once more: its nth mutating call meets the harm. Up to there functions are recalled. */
export const harmDay = async (
  day: RecordedDay,
  { nth, harm }: { readonly nth: number; readonly harm: AnyHarm },
): Promise<HarmedDay> => {
  // The switch is thrown right after the call before it.
  const meets = harm === "kill switch" ? nth - 1 : nth;
  const atMs = day.times[Math.max(meets, 1) - 1] ?? 0;
  const recalled = day.runs.slice(0, countUntil(day.runs, { atMs }));
  const lab = await startDay(day, new FunctionRuns(recalled, false));
  const matches = isMutation(lab.name.accountId);
  const done =
    harm in others
      ? others[harm as keyof typeof others](lab, nth, matches)
      : harmCall(lab.platform, { harm: harm as (typeof harms)[number], nth, matches });
  const ending = await runDay(lab, day);
  return { lab, ending, isDone: done.isDone() };
};
