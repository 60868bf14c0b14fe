/** Days in an account: sweep, janitor, the list of unclaimed things and an operator come by, and what there is in the end is judged. */
import { listEvaluations, loadStory } from "../../adapters/store/evaluations.ts";
import { listIntents } from "../../adapters/store/intents.ts";
import { familyOf } from "../../core/errors.ts";
import type { Evaluation } from "../../core/model/evaluation.ts";
import { changesOf } from "../../core/model/intent.ts";
import { oneOf, type Random } from "../cloud/random.ts";
import type { InstanceSummary } from "../cloud/ec2/control-reads.ts";
import type { Ending, Lab } from "../lab/contract.ts";
import { keepOperator } from "../lab/operator.ts";
import { effectsAreTrue } from "../lab/promises/record/effects.ts";
import { hourMs, keepSchedules } from "../lab/schedules.ts";
import { nothingRuns } from "./person.ts";
import { watchUnclaimed } from "./unclaimed-list.ts";
import type { Course } from "./course.ts";

/** So that the load may be down, and its original go, within days. */
const policyOf = (cooloffHours: number) => ({
  max_downtime_minutes_per_30_days: 1440,
  cooloff_hours: cooloffHours,
  snapshot_days: 1,
});

/** The sweep has begun something by then, so that there are tags to copy. */
const backupHour = 3;

const pass = ({ clock }: Lab, hours: number): Promise<void> =>
  clock.run({ atMostMs: clock.now() + hours * hourMs });

const evaluationsOf = async (lab: Lab): Promise<readonly Evaluation[]> =>
  (await listEvaluations(lab.table, { limit: 1000 })).items;

/** The janitor ends the original of a switch that was made: after its cool-off, and not before. */
const isOwed = (complaint: string, dueAt: readonly string[]): boolean => {
  const about = /the original (is (shutting-down|terminated|gone)|was terminated by us)$/;
  if (!about.test(complaint)) return false;
  return dueAt.some((due) => due <= complaint.slice(0, 24));
};

/** When retired originals were to go: of switches that were made. */
const dueRetirements = async (
  { table }: Lab,
  evaluations: readonly Evaluation[],
): Promise<readonly string[]> => {
  const due: string[] = [];
  for (const { evaluationId, status } of evaluations) {
    if (status !== "SWITCHED") continue;
    const retirements = changesOf(await listIntents(table, evaluationId), "RETIRE_ORIGINAL");
    due.push(...retirements.map(({ dueAt }) => dueAt));
  }
  return due;
};

/** What the next run makes good. */
const passesByItself = (error: unknown): boolean =>
  (error instanceof Error && error.name === "FunctionKilled") || familyOf(error) === "Retryable";

const missingAt = (lab: Lab, server: InstanceSummary): readonly string[] => {
  const { watch } = lab;
  const held = new Set([
    ...server.allocationIds,
    ...server.privateIps,
    ...server.networkInterfaceIds,
    ...server.volumes.map(({ volumeId }) => volumeId),
  ]);
  return [
    ...watch.allocationIds,
    ...watch.dataVolumeIds,
    ...watch.secondaryPrivateIps,
    ...watch.secondaryInterfaceIds,
  ]
    .filter((id) => !held.has(id))
    .map((id) => `${id} is not at ${server.instanceId}, which the target names`);
};

/** As the target says; once that is deleted, as the last switch that was made does. */
const whoServes = async (
  lab: Lab,
  evaluations: readonly Evaluation[],
): Promise<InstanceSummary | undefined> => {
  const { status, body } = await lab.send("GET", `/lab/instances/${lab.targetId}`);
  if (status === 200) return lab.control.find(String(body["instance_id"]));
  const made = evaluations
    .filter((evaluation) => evaluation.status === "SWITCHED")
    .toSorted((a, b) => a.startedAt.localeCompare(b.startedAt))
    .at(-1);
  const story = made && (await loadStory(lab.table, made.evaluationId));
  return lab.control.find(story?.swaps[0]?.replacement?.instanceId ?? lab.originalId);
};

/** Of things of EC2's, whatever their kind. */
const idsIn = (sentence: string): readonly string[] =>
  sentence.match(/\b[a-z]+-[0-9a-f]{8,}\b/g) ?? [];

const leftOver = async (
  lab: Lab,
  evaluations: readonly Evaluation[],
  {
    server,
    copies,
  }: { readonly server: InstanceSummary | undefined; readonly copies: readonly string[] },
): Promise<readonly string[]> => {
  const except = [lab.originalId, ...copies, ...(server === undefined ? [] : [server.instanceId])];
  for (const evaluation of evaluations) {
    const { evaluationId, status, leftBehind = [], phases, settlements = [] } = evaluation;
    const intents = await listIntents(lab.table, evaluationId);
    except.push(
      ...changesOf(intents, "EXPIRE_IMAGE").map(({ imageId }) => imageId),
      ...changesOf(intents, "KEEP_WRITES").flatMap(({ volumeId }) => volumeId ?? []),
      // Of one that was lost after its switch: it is the load's last copy.
      ...changesOf(intents, "KEEP_ROOT").map(({ volumeId }) => volumeId),
      ...(status === "SWITCHED" ? changesOf(intents, "LAUNCH_INSTANCE") : []).flatMap(
        ({ instanceId }) => instanceId ?? [],
      ),
      ...leftBehind.map(({ id }) => id),
    );
    except.push(...phases.flatMap(({ summary = "" }) => idsIn(summary)));
    // What the janitor waits for is told: a group without rules that an adopted instance still has.
    except.push(...settlements.flatMap(({ sentence }) => idsIn(sentence)));
  }
  return lab.control
    .orphans({
      accountId: lab.account.accountId,
      except,
      among: ({ id }) => !lab.watch.resourcesBefore.has(id),
    })
    .map(({ kind, id }) => `orphan: ${kind} ${id}`);
};

const ofRecords = async (
  lab: Lab,
  evaluations: readonly Evaluation[],
): Promise<readonly string[]> => {
  const complaints: string[] = [];
  for (const { evaluationId, verdict } of evaluations) {
    if (verdict?.kind !== "SWITCH") continue;
    const ending: Ending = await lab.finish(evaluationId);
    complaints.push(
      ...effectsAreTrue({ lab, ending, end: "OTHERWISE", server: undefined }),
      ...ending.leaks,
    );
  }
  return complaints;
};

export const runDays = (random: Random): Course => {
  const days = oneOf(random, [1, 2, 3]);
  const cooloffHours = oneOf(random, [1, 6, 24]);
  return {
    sentence: `${String(days)} days with a cool-off of ${String(cooloffHours)} hours`,
    options: { policy: policyOf(cooloffHours) },
    run: async ({ lab }, begin) => {
      const list = watchUnclaimed(lab, backupHour);
      const schedules = keepSchedules(lab.account, { onUnclaimed: list.look });
      begin();
      const operator = keepOperator(lab.account, 120);
      await pass(lab, days * 24);
      await lab.send("PUT", "/kill-switch", { engaged: false, reason: "drill" });
      // The janitor's longest pause, and a round of his.
      await pass(lab, 7);
      schedules.stop();
      await pass(lab, 3);
      operator.stop();
      const evaluations = await evaluationsOf(lab);
      const open = evaluations.filter(({ status }) =>
        ["RUNNING", "NEEDS_OPERATOR"].includes(status),
      );
      const due = await dueRetirements(lab, evaluations);
      const server = await whoServes(lab, evaluations);
      const follows = evaluations.every(
        ({ outcome }) => outcome?.sentence.includes("does not follow") !== true,
      );
      const isOurs = open.length === 0 && lab.watch.excused.size === 0 && follows;
      const serving = server?.state === "running" ? missingAt(lab, server) : ["nobody serves"];
      return {
        status: [...new Set(evaluations.map(({ status }) => status))].join(", "),
        complaints: [
          ...lab.watch.broken.filter((each) => !isOwed(each, due)),
          ...schedules.failures
            .filter((error) => !passesByItself(error))
            .map((error) => `a schedule failed: ${String(error)}`),
          ...(nothingRuns(lab) ? [] : open).map(
            ({ evaluationId, status }) => `${evaluationId} is ${status} after days`,
          ),
          ...(isOurs ? serving : []),
          ...(open.length === 0
            ? await leftOver(lab, evaluations, { server, copies: list.copies })
            : []),
          ...list.broken,
          ...(await list.missing()),
          ...(await ofRecords(lab, evaluations)),
        ],
      };
    },
  };
};
