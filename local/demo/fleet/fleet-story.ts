/** The fleet of an account: judged before anything is registered, registered in shadow mode, swept, and a part of it switched. */
import { registeredManySchema } from "../../../lambdas/api/schemas/bulk-registration.ts";
import {
  evaluationPageSchema,
  evaluationSchema,
  type EvaluationJson,
} from "../../../lambdas/api/schemas/evaluations.ts";
import {
  preflightJsonSchema,
  preflightSubjectPageSchema,
  startedPreflightSchema,
} from "../../../lambdas/api/schemas/preflight.ts";
import { targetSchema } from "../../../lambdas/api/schemas/targets.ts";
import type { LabAccount } from "../../lab/account.ts";
import { hourMs, keepSchedules } from "../../lab/schedules.ts";
import type * as z from "zod";
import type { Expectation } from "../story.ts";
import { mutatingCallsSince } from "../story.ts";
import { addMixedFleet, fleetSize } from "./mixed-fleet.ts";

type Preflight = z.infer<typeof preflightJsonSchema>;
export type Subject = z.infer<typeof preflightSubjectPageSchema>["items"][number];

interface Acted {
  readonly name: string;
  readonly status: string;
  readonly monthlyUsd: number;
}

export interface FleetEnding {
  readonly preflight: Preflight;
  readonly subjects: readonly Subject[];
  /** By the preflight. */
  readonly preflightChanges: Readonly<Record<string, number>>;
  /** In the account, for the preflight. */
  readonly preflightCalls: number;
  readonly registered: number;
  readonly refused: number;
  readonly sweeps: number;
  readonly released: readonly string[];
  readonly acted: readonly Acted[];
  readonly mutatingCalls: Readonly<Record<string, number>>;
}

export interface FleetReport {
  readonly expectations: readonly Expectation[];
  readonly ending?: FleetEnding;
  readonly error?: string;
}

const minuteMs = 60_000;
const pageSize = 100;
const sweepHours = 4;
/** Of whose targets the owner ends shadow mode. */
const mostReleased = 4;

const subjectsOf = async ({ api }: LabAccount, id: string): Promise<readonly Subject[]> => {
  const subjects: Subject[] = [];
  let cursor = "";
  do {
    const page = await api.get(
      `/preflight/${id}/subjects?limit=${String(pageSize)}${cursor}`,
      preflightSubjectPageSchema,
    );
    subjects.push(...page.items);
    cursor = page.cursor === undefined ? "" : `&cursor=${page.cursor}`;
  } while (cursor !== "");
  return subjects;
};

const runPreflight = async (account: LabAccount) => {
  const { api, accountId, clock, platform } = account;
  const before = platform.cloud.journal.length;
  const { preflight_id: id } = await api.post("/preflight", startedPreflightSchema, {
    account_id: accountId,
  });
  let preflight: Preflight;
  do {
    await clock.run({ atMostMs: clock.now() + minuteMs });
    preflight = await api.get(`/preflight/${id}`, preflightJsonSchema);
  } while (preflight.status === "RUNNING");
  return {
    preflight,
    subjects: await subjectsOf(account, id),
    preflightChanges: mutatingCallsSince(account, before),
    preflightCalls: platform.cloud.journal
      .slice(before)
      .filter((entry) => entry.accountId === accountId).length,
  };
};

/** Saves anything, as far as was seen. */
export const isPromising = ({ outcome }: Subject): boolean =>
  outcome === "WILL" || outcome === "WILL_ONCE" || outcome === "WOULD";

const registerAll = async (
  { api, accountId, region }: LabAccount,
  subjects: readonly Subject[],
): Promise<{ readonly registered: number; readonly refused: number }> => {
  const ids = subjects.flatMap(({ instance_id: id }) => id ?? []);
  const counts = { registered: 0, refused: 0 };
  for (let from = 0; from < ids.length; from += pageSize) {
    const answer = await api.post("/lab/instances/bulk", registeredManySchema, {
      account_id: accountId,
      region,
      instance_ids: ids.slice(from, from + pageSize),
    });
    counts.registered += answer.registered;
    counts.refused += answer.refused;
  }
  return counts;
};

/** `accept_change_of=public-ip` as the API takes it. */
const overridesOf = ({ missing }: Subject): Readonly<Record<string, unknown>> => {
  const overrides: Record<string, unknown> = {};
  for (const { kind, name } of missing) {
    if (kind !== "CONSENT") continue;
    const [limit = "", value = ""] = name.split("=");
    const given = overrides[limit];
    overrides[limit] =
      value === "true" ? true : [...(Array.isArray(given) ? (given as unknown[]) : []), value];
  }
  return overrides;
};

const needsConsentsAlone = ({ missing }: Subject): boolean =>
  missing.every(({ kind }) => kind === "CONSENT");

/** The owner consents to what the preflight named, and ends shadow mode. */
const release = async (
  { api, accountId }: LabAccount,
  subjects: readonly Subject[],
): Promise<readonly string[]> => {
  const ofMode = (mode: Subject["mode"], most: number): readonly Subject[] =>
    subjects.filter((one) => one.mode === mode && needsConsentsAlone(one)).slice(0, most);
  const chosen = [...ofMode("CLUSTER", 1), ...ofMode("LINEAR", mostReleased)];
  for (const subject of chosen) {
    const { status, text } = await api.send({
      method: "PATCH",
      path: `/lab/instances/${subject.instance_id ?? ""}`,
      body: { is_shadow_mode: false, policy_overrides: overridesOf(subject) },
    });
    if (status !== 200)
      throw new Error(`The target of ${subject.name} in account ${accountId}: ${text}`);
    targetSchema.parse(JSON.parse(text));
  }
  return chosen.map(({ name }) => name);
};

const nameOfSubject = ({ subject }: EvaluationJson): string => {
  switch (subject.kind) {
    case "INSTANCE":
      return subject.instance_id;
    case "GROUP":
      return `group ${subject.asg_name}`;
    case "NODE_GROUP":
      return `node group ${subject.node_group}`;
  }
};

const actedOn = (evaluation: EvaluationJson): Acted => {
  const { swaps, verdict } = evaluation;
  const done = swaps.filter(({ stage }) => stage === "DONE").length;
  // It says it of all that go together.
  const togetherUsd = verdict?.savings?.monthly_usd ?? 0;
  return {
    name: nameOfSubject(evaluation),
    status: evaluation.status,
    monthlyUsd: done === 0 ? 0 : (togetherUsd * done) / swaps.length,
  };
};

const actedStatuses = ["SWITCHED", "PARTLY_SWITCHED", "ROLLED_BACK", "NEEDS_OPERATOR"] as const;

const actedIn = async ({ api }: LabAccount): Promise<readonly Acted[]> => {
  const acted: Acted[] = [];
  for (const status of actedStatuses) {
    const { items } = await api.get(
      `/evaluations?status=${status}&limit=${String(pageSize)}`,
      evaluationPageSchema,
    );
    for (const { evaluation_id: id } of items) {
      acted.push(actedOn(await api.get(`/evaluations/${id}`, evaluationSchema)));
    }
  }
  return acted;
};

const sum = (calls: Readonly<Record<string, number>>): number =>
  Object.values(calls).reduce((total, count) => total + count, 0);

const expectationsOf = (ending: FleetEnding): readonly Expectation[] => {
  const { subjects, preflightChanges, registered, refused, acted, released } = ending;
  const switched = acted.filter(({ status }) => status === "SWITCHED");
  const wanted = subjects.filter(isPromising).length;
  return [
    {
      rule: "the preflight changed nothing in the account",
      held: sum(preflightChanges) === 0,
      found: `${String(sum(preflightChanges))} mutating calls`,
    },
    {
      rule: "it names every instance, group and node group",
      held: subjects.length >= fleetSize + 4,
      found: `${String(subjects.length)} subjects`,
    },
    {
      rule: "what is worth it is registered, each by itself or with its group",
      held: registered === wanted && refused === 0,
      found: `${String(registered)} of ${String(wanted)}`,
    },
    {
      rule: "nothing is switched but what its owner let out of shadow mode",
      held: acted.length > 0 && acted.every(({ name }) => released.includes(name)),
      found: acted.map(({ name }) => name).join(", "),
    },
    {
      rule: "what is begun ends well",
      held: switched.length === acted.length,
      found: `${String(switched.length)} of ${String(acted.length)} SWITCHED`,
    },
  ];
};

const perform = async (
  account: LabAccount,
  seed: number,
  onProgress: (text: string) => void,
): Promise<FleetEnding> => {
  await addMixedFleet(account, seed);
  onProgress("preflight");
  const judged = await runPreflight(account);
  const promising = judged.subjects.filter(isPromising);
  onProgress("registration");
  const counts = await registerAll(account, promising);
  const released = await release(account, promising);
  const firstCall = account.platform.cloud.journal.length;
  onProgress(`${String(sweepHours)} hours of sweeps`);
  const schedules = keepSchedules(account);
  await account.clock.run({ atMostMs: account.clock.now() + sweepHours * hourMs });
  schedules.stop();
  onProgress("");
  const [failure] = schedules.failures;
  if (failure !== undefined) throw new Error("A sweep failed.", { cause: failure });
  return {
    ...judged,
    ...counts,
    released,
    sweeps: sweepHours * 4,
    acted: await actedIn(account),
    mutatingCalls: mutatingCallsSince(account, firstCall),
  };
};

/** Never throws: what went wrong is part of the report. */
export const tellFleet = async (
  openStage: () => Promise<LabAccount>,
  seed: number,
  onProgress: (text: string) => void,
): Promise<FleetReport> => {
  try {
    const ending = await perform(await openStage(), seed, onProgress);
    return { ending, expectations: expectationsOf(ending) };
  } catch (error) {
    return {
      expectations: [],
      error: error instanceof Error ? error.message : String(error),
    };
  }
};
