/** Reads an instance again by its id, right before something is done to it, and judges it anew with all that a list does not show. */
import { describeAllGroups } from "../../../adapters/aws/autoscaling/describe.ts";
import { readContainerInstances } from "../../../adapters/aws/ecs.ts";
import { isLastInTargetGroup } from "../../../adapters/aws/elb.ts";
import { readProtections } from "../../../adapters/aws/ec2/protections.ts";
import { isRouteTarget } from "../../../adapters/aws/ec2/routes.ts";
import { readSeenInstance } from "../../../adapters/aws/ec2/seen-instances.ts";
import { standingOf, type Standing } from "../../../core/enforce/standing.ts";
import { effectsOf, effectsSeenApart, verdictOf } from "../../../core/enforce/stop-effects.ts";
import type { Finding, StopEffect } from "../../../core/model/enforcer.ts";
import type { SeenInstance } from "../../../core/model/seen-instance.ts";
import { readHeld } from "../held.ts";
import type { Run } from "./run.ts";

export interface JudgedAgain {
  readonly instance: SeenInstance;
  readonly standing: Standing;
  readonly effects: readonly StopEffect[];
}

/** The type is as it was: a running instance has the one that it was started with. */
const disksBefore = ({ effects }: Finding): boolean | undefined =>
  effects.includes("INSTANCE_STORE_UNKNOWN") ? undefined : effects.includes("INSTANCE_STORE_DISKS");

const groupMembers = async ({ clients }: Run): Promise<ReadonlySet<string>> => {
  const groups = await describeAllGroups(clients.autoScaling);
  return new Set(
    groups.flatMap(({ Instances: some = [] }) =>
      some.flatMap(({ InstanceId }) => InstanceId ?? []),
    ),
  );
};

/** What only a call for this one instance shows. */
const effectsApart = async (
  { clients: { ec2, elb } }: Run,
  instance: SeenInstance,
): Promise<readonly StopEffect[]> => {
  const { instanceId } = instance;
  const { isStopProtected, isTerminationProtected } = await readProtections(ec2, instanceId);
  const found: Readonly<Record<(typeof effectsSeenApart)[number], boolean>> = {
    STOP_PROTECTED: isStopProtected,
    TERMINATION_PROTECTED: isTerminationProtected,
    ROUTE_TARGET: await isRouteTarget(ec2, instance),
    LAST_IN_TARGET_GROUP: await isLastInTargetGroup(elb, instanceId),
  };
  return effectsSeenApart.filter((effect) => found[effect]);
};

/** Undefined: EC2 does not show it, or not whole. @throws what the reading throws */
export const judgeAgain = async (run: Run, finding: Finding): Promise<JudgedAgain | undefined> => {
  const { context, clients, enforced } = run;
  const instance = await readSeenInstance(clients.ec2, finding.instanceId);
  if (instance === undefined) return undefined;
  const standing = standingOf(instance, {
    settings: enforced.settings,
    held: await readHeld(context.table, enforced.place.accountId),
    members: await groupMembers(run),
    containerInstances: await readContainerInstances(clients.ecs),
  });
  const effects = [
    ...effectsOf(instance, disksBefore(finding)),
    ...(await effectsApart(run, instance)),
  ];
  return { instance, standing, effects };
};

/** As read right now: who has an owner, does not run, or suffers more than was known, is not stopped. */
export const asFound = (
  finding: Finding,
  { instance, effects }: JudgedAgain,
  now: Date,
): Finding => ({
  ...finding,
  state: instance.state,
  launchedAt: instance.launchedAt,
  effects: [...effects],
  verdict: verdictOf(effects),
  lookedAt: now.toISOString(),
});
