/**
 * The matrix of KUBERNETES: each changing call that one of its functions may make, in the account or in the cluster, meets each harm. Which calls there
 * are is what is declared: the functions' access, and the rules of our ClusterRole.
 */
import { deletionRules, ourRules } from "../../../adapters/kubernetes/rights.ts";
import { kubernetesFunctions } from "../../../lambdas/access/kubernetes.ts";
import { isMutating } from "../../../local/cloud/journal.ts";
import {
  harmChange,
  hearChanges,
  type NodeHarm,
  type OurChange,
} from "../../../local/lab/node-harm.ts";
import {
  createNodeLab,
  type NodeEnding,
  type NodeLab,
  type NodeLabOptions,
} from "../../../local/lab/node-lab.ts";
import { FunctionRuns } from "../../../local/lab/function-runs.ts";
import { countUntil, type FunctionRun } from "../../../local/lab/recalled-runs.ts";
import { currentInvocation } from "../../../local/platform/invocation.ts";

/** A day on which these calls are made. */
export interface NodeDay {
  readonly name: string;
  readonly options: NodeLabOptions;
  /** What else goes wrong on it. */
  readonly trouble?: (lab: NodeLab) => void;
  /** Default: one evaluation. */
  readonly run?: (lab: NodeLab) => Promise<NodeEnding>;
}

type Stage = "on the way" | "undoing" | "adopting";

const stageOf = (name: string): Stage => {
  if (name === "release" || name === "roll-back") return "undoing";
  return name === "adopt" ? "adopting" : "on the way";
};

export interface NodeCell extends OurChange {
  readonly stage: Stage;
}

const changesIn = (rules: typeof ourRules): readonly string[] =>
  rules.flatMap(({ resource, verbs }) =>
    verbs.filter((verb) => verb !== "get" && verb !== "list").map((verb) => `${verb} ${resource}`),
  );

/** They answer a notice of EC2's, and have a matrix of their own: taken-back.test.ts. */
export const answering = ["answer-warning", "empty-node", "await-taken"] as const;

/** Of the account by stage; those of the cluster may be made on either way. */
export const declaredInAccount: readonly string[] = [
  ...new Set(
    Object.entries(kubernetesFunctions)
      // Its call is a dry run alone.
      .filter(([name]) => name !== "check-node" && !answering.some((one) => one === name))
      .flatMap(([name, { customer }]) =>
        ("kubernetes" in customer ? customer.kubernetes : [])
          .filter((action) => isMutating(action.split(":")[1] ?? ""))
          .map((action) => `${stageOf(name)}: ${action}`),
      ),
  ),
];

/** No roll-back deletes a pod. */
export const declaredInCluster: readonly string[] = [
  ...changesIn(ourRules).flatMap((action) =>
    (["on the way", "undoing"] as const).map((stage) => `${stage}: ${action}`),
  ),
  ...changesIn(deletionRules).map((action) => `on the way: ${action}`),
];

export const spell = ({ stage, action }: NodeCell): string => `${stage}: ${action}`;

const startDay = async ({ options, trouble }: NodeDay, around: FunctionRuns): Promise<NodeLab> => {
  const lab = await createNodeLab({ ...options, around });
  trouble?.(lab);
  return lab;
};

const runDay = (lab: NodeLab, { run = (one) => one.run() }: NodeDay): Promise<NodeEnding> =>
  run(lab);

export interface RecordedNodeDay extends NodeDay {
  /** In order. */
  readonly cells: readonly NodeCell[];
  /** When each of the changes was made, in milliseconds since the epoch. */
  readonly times: readonly number[];
  readonly runs: readonly FunctionRun[];
  readonly lab: NodeLab;
  readonly ending: NodeEnding;
}

/** Undisturbed but for its own trouble. */
export const recordNodeDay = async (day: NodeDay): Promise<RecordedNodeDay> => {
  const around = new FunctionRuns();
  const lab = await startDay(day, around);
  const cells: NodeCell[] = [];
  const times: number[] = [];
  hearChanges(lab, {
    before: (change) => {
      const name = currentInvocation()?.name.replace(/^kubernetes-/, "") ?? "";
      cells.push({ ...change, stage: stageOf(name) });
      times.push(lab.account.clock.now());
    },
  });
  const ending = await runDay(lab, day);
  return { ...day, cells, times, runs: around.all, lab, ending };
};

/** Of each day those that no earlier one has, and of each the first: what stands between the others is the same. */
export const firstCells = (days: readonly RecordedNodeDay[]): readonly RecordedNodeDay[] => {
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

export interface HarmedNodeDay {
  readonly lab: NodeLab;
  readonly ending: NodeEnding;
  readonly isDone: boolean;
}

/** The same day once more: its nth changing call meets the harm. Up to there functions are recalled. */
export const harmNodeDay = async (
  day: RecordedNodeDay,
  what: { readonly nth: number; readonly harm: NodeHarm },
): Promise<HarmedNodeDay> => {
  // The switch is thrown while the call before it is on its way.
  const meets = what.harm === "kill switch" ? what.nth - 1 : what.nth;
  const atMs = day.times[Math.max(meets, 1) - 1] ?? 0;
  const recalled = day.runs.slice(0, countUntil(day.runs, { atMs }));
  const lab = await startDay(day, new FunctionRuns(recalled, false));
  const done = harmChange(lab, what);
  const ending = await runDay(lab, day);
  return { lab, ending, isDone: done.isDone() };
};
