/** Something runs in an account that nobody owns: flagged, its owner told, and after a day of grace stopped; another is exempted. */
import type * as z from "zod";
import {
  governancePageSchema,
  type findingSchema,
} from "../../../lambdas/api/schemas/governance.ts";
import type { LabAccount } from "../../lab/account.ts";
import { counted } from "../../terminal/figures.ts";
import { mutatingCallsSince, type Expectation } from "../story.ts";
import { hoursSince, must, pass } from "./governance-scene.ts";

type Finding = z.infer<typeof findingSchema>;

interface Moment {
  /** Since its launch. */
  readonly hours: number;
  readonly what: string;
}

export interface EnforcerReport {
  readonly expectations: readonly Expectation[];
  readonly ending?: EnforcerEnding;
  readonly error?: string;
}

export interface EnforcerEnding {
  readonly running: number;
  readonly cap: number;
  readonly instanceId: string;
  readonly moments: readonly Moment[];
  readonly finding: Finding;
  readonly exempt: Finding;
  /** As EC2 shows them at the end. */
  readonly states: { readonly stopped: string; readonly exempt: string };
  readonly flagged: number;
  /** Subjects, in the order in which SNS took them. */
  readonly notices: readonly string[];
  readonly calls: Readonly<Record<string, number>>;
}

const ownedInstances = 60;
/** Flags alone in the first week. */
const quietHours = 7 * 24 + 1;
/** A day of grace, an hour of warning, and what the schedules add. */
const watchedHours = 28;

/** As deployed: they come every five minutes, and a place is read once an hour. */
const coming = [
  { name: "enforce-scan-place", everyMinutes: 5 },
  { name: "enforce-carry-out", everyMinutes: 5 },
] as const;
const seldom = [{ name: "enforce-scan-place", everyMinutes: 60 }] as const;

const add = (
  { platform, accountId, region }: LabAccount,
  tags: Readonly<Record<string, string>>,
  ageHours = 720,
): string =>
  platform.ec2.control.addInstance({ accountId, region, instanceType: "m5.large", tags, ageHours });

const findingsIn = async ({ api }: LabAccount): Promise<ReadonlyMap<string, Finding>> => {
  const { items } = await api.get("/governance?kind=UNOWNED_INSTANCE", governancePageSchema);
  return new Map(
    items.flatMap((row) =>
      row.kind === "UNOWNED_INSTANCE" ? [[row.finding.instance_id, row.finding]] : [],
    ),
  );
};

const requireFinding = (findings: ReadonlyMap<string, Finding>, id: string): Finding => {
  const finding = findings.get(id);
  if (finding === undefined) throw new Error(`${id} is not flagged.`);
  return finding;
};

/** What a finding can come to, in the order in which it does. */
const turns: readonly {
  readonly hasCome: (finding: Finding) => boolean;
  readonly what: (finding: Finding) => string;
}[] = [
  { hasCome: () => true, what: () => "flagged by the hourly reading" },
  {
    hasCome: ({ flag_notice: notice }) => notice !== undefined,
    what: () => "its owner is told: the clock of its grace runs",
  },
  {
    hasCome: ({ warning }) => warning !== undefined,
    what: ({ grace }) =>
      `its owner is told that it is stopped in an hour, after ${String(grace.readings)} complete readings`,
  },
  {
    hasCome: ({ status }) => status === "STOPPED",
    what: () => "judged again, stopped, and seen stopped",
  },
  {
    hasCome: ({ done_notice: notice }) => notice !== undefined,
    what: () => "its owner is told how to start it again",
  },
];

const newsOf = (finding: Finding | undefined, before: Finding | undefined): readonly string[] =>
  finding === undefined
    ? []
    : turns
        .filter(({ hasCome }) => hasCome(finding) && (before === undefined || !hasCome(before)))
        .map(({ what }) => what(finding));

const watch = async (account: LabAccount, instanceId: string): Promise<readonly Moment[]> => {
  const { clock } = account;
  const launchedMs = clock.now();
  const moments: Moment[] = [{ hours: 0, what: "launched, with a name and nothing else" }];
  let before: Finding | undefined;
  await pass(account, watchedHours, {
    coming,
    afterEach: async () => {
      const finding = (await findingsIn(account)).get(instanceId);
      const hours = hoursSince(launchedMs, clock.now());
      moments.push(...newsOf(finding, before).map((what) => ({ hours, what })));
      before = finding;
    },
  });
  return moments;
};

const exempt = async (account: LabAccount, { finding_id: id }: Finding): Promise<void> => {
  const until = new Date(account.clock.now() + 30 * 24 * 3_600_000).toISOString();
  await must(account, {
    method: "POST",
    path: `/governance/${id}/exempt`,
    body: { reason: "Bastion of the network team", until },
    by: "ada",
  });
};

const perform = async (
  account: LabAccount,
  onProgress: (text: string) => void,
): Promise<EnforcerEnding> => {
  const { platform, accountId, region } = account;
  const topicArn = platform.sns.addTopic({ accountId, region, name: "spot-optimizer-notices" });
  for (let count = 0; count < ownedInstances; count += 1) add(account, { team: "shop" });
  add(account, { "karpenter.sh/nodepool": "default" });
  const bastion = add(account, { Name: "bastion" });
  await must(account, {
    method: "PUT",
    path: `/accounts/${accountId}/enforcer`,
    body: { mode: "ON", topic_arn: topicArn, allowed_tags: [{ key: "team" }] },
    by: "eve",
  });
  onProgress("a week of flags alone");
  await pass(account, quietHours, { coming: seldom });
  await exempt(account, requireFinding(await findingsIn(account), bastion));
  const instanceId = add(account, { Name: "try" }, 0);
  onProgress("a day of grace");
  const first = platform.cloud.journal.length;
  const moments = await watch(account, instanceId);
  onProgress("");
  const findings = await findingsIn(account);
  const { control } = platform.ec2;
  const running = ownedInstances + 3;
  return {
    running,
    cap: Math.floor(running * 0.02),
    instanceId,
    moments,
    finding: requireFinding(findings, instanceId),
    exempt: requireFinding(findings, bastion),
    states: {
      stopped: control.stateOf(instanceId) ?? "gone",
      exempt: control.stateOf(bastion) ?? "gone",
    },
    flagged: findings.size,
    notices: platform.sns.accepted(topicArn).map(({ subject = "" }) => subject),
    calls: mutatingCallsSince(account, first),
  };
};

const stops = ({ calls }: EnforcerEnding): number =>
  (calls["StopInstances"] ?? 0) + (calls["TerminateInstances"] ?? 0);

const hoursOf = ({ moments }: EnforcerEnding, part: string): number =>
  moments.find(({ what }) => what.includes(part))?.hours ?? NaN;

const expectationsOf = (ending: EnforcerEnding): readonly Expectation[] => {
  const stoppedAfter = hoursOf(ending, "seen stopped");
  const told = hoursOf(ending, "the clock of its grace");
  return [
    {
      rule: "what has an owner is not flagged, whether by a tag of the account or by one of a service",
      held: ending.flagged === 2,
      found: `${String(ending.flagged)} of ${String(ending.running)} flagged`,
    },
    {
      rule: "it is stopped after a day of grace and the readings that this takes, and not before",
      held:
        ending.finding.status === "STOPPED" &&
        stoppedAfter - told >= 24 &&
        ending.finding.grace.readings >= ending.finding.grace.readings_needed,
      found: `${String(stoppedAfter)} h after its launch, ${String(ending.finding.grace.readings)} readings`,
    },
    {
      rule: "its owner is told three times, the second time an hour before",
      held: stoppedAfter - hoursOf(ending, "in an hour") >= 1,
      found: ending.notices.join("; "),
    },
    {
      rule: "what a person exempted goes on running",
      held: ending.states.exempt === "running" && ending.exempt.status === "EXEMPT",
      found: `${ending.exempt.status}, ${ending.states.exempt}`,
    },
    {
      rule: "one instance is stopped, and nothing is terminated",
      held: stops(ending) === 1 && ending.states.stopped === "stopped",
      found: `${counted(stops(ending), "call")}, it is ${ending.states.stopped}`,
    },
  ];
};

/** Never throws: what went wrong is part of the report. */
export const tellEnforcer = async (
  openStage: () => Promise<LabAccount>,
  onProgress: (text: string) => void,
): Promise<EnforcerReport> => {
  try {
    const ending = await perform(await openStage(), onProgress);
    return { ending, expectations: expectationsOf(ending) };
  } catch (error) {
    return { expectations: [], error: error instanceof Error ? error.message : String(error) };
  }
};
