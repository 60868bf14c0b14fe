/** Did it end well? The promises that hold for every evaluation, however it went, as sentences that are broken. */
import type { IntentStatus } from "../../core/model/intents/base.ts";
import type { InstanceSummary } from "../../local/cloud/ec2/control-reads.ts";
import type { Lab, Story } from "./harness.ts";

const sorted = (ids: readonly string[]): string => [...ids].sort().join();

/** What makes the identity of the original, and must be at whoever serves. */
const missingAt = (lab: Lab, server: InstanceSummary): readonly string[] => {
  const { watch } = lab;
  const held = server.volumes.map(({ volumeId }) => volumeId);
  return [
    ...watch.allocationIds.filter((id) => !server.allocationIds.includes(id)),
    ...watch.dataVolumeIds.filter((id) => !held.includes(id)),
    ...watch.secondaryPrivateIps.filter((ip) => !server.privateIps.includes(ip)),
    ...watch.secondaryInterfaceIds.filter((id) => !server.networkInterfaceIds.includes(id)),
  ].map((id) => `${id} is not at ${server.instanceId}`);
};

/** Each write that a data volume acknowledged is still on it. */
const lostWrites = (lab: Lab): readonly string[] =>
  lab.watch.dataVolumeIds.flatMap((id) => {
    const [acknowledged, found] = [lab.watch.acknowledged.get(id) ?? 0, lab.control.writesOn(id)];
    return found === acknowledged
      ? []
      : [`${id} has ${String(found)} writes of ${String(acknowledged)} acknowledged`];
  });

const membersOf = async (lab: Lab): Promise<readonly string[]> => {
  const { targetGroupArn } = lab;
  return targetGroupArn === undefined ? [] : lab.membersOf(targetGroupArn);
};

const wrongMembers = async (lab: Lab, server: InstanceSummary): Promise<readonly string[]> => {
  if (lab.targetGroupArn === undefined) return [];
  const members = await membersOf(lab);
  return sorted(members) === server.instanceId
    ? []
    : [`the target group has ${sorted(members)}, not ${server.instanceId}`];
};

/** Membership is not traffic: whoever serves is healthy there, unless no load balancer uses the group. */
const withoutTraffic = async (lab: Lab, server: InstanceSummary): Promise<readonly string[]> => {
  const { targetGroupArn, platform } = lab;
  if (targetGroupArn === undefined) return [];
  if (platform.elb.loadBalancerOf(targetGroupArn) === undefined) return [];
  const state = await lab.healthOf(server.instanceId);
  return state === "healthy"
    ? []
    : [`${server.instanceId} is ${state ?? "absent"} in the target group`];
};

const openIntents = ({ intents }: Story, closed: readonly IntentStatus[]): readonly string[] =>
  intents
    .filter((intent) => !closed.includes(intent.status))
    .map((intent) => `intent ${intent.id} is ${intent.status}`);

const afterSwitch = async (lab: Lab, story: Story): Promise<readonly string[]> => {
  const alive = story.replacements.filter(({ state }) => state === "running");
  const [server] = alive;
  if (server === undefined || alive.length > 1) return [`${String(alive.length)} replacements run`];
  const { original } = story;
  const target = (await lab.send("GET", `/lab/instances/${lab.targetId}`)).body;
  return [
    ...missingAt(lab, server),
    ...lostWrites(lab),
    ...(await wrongMembers(lab, server)),
    ...(await withoutTraffic(lab, server)),
    ...openIntents(story, ["COMMITTED", "UNDONE"]),
    ...(original?.state === "stopped" ? [] : [`the original is ${original?.state ?? "gone"}`]),
    ...(original?.tags["spot-optimizer:retire-after"] === undefined ? ["no retirement tag"] : []),
    ...(target["instance_id"] === server.instanceId ? [] : ["the target did not follow"]),
    ...(story.executionStatus === "SUCCEEDED" ? [] : [`execution ${story.executionStatus}`]),
  ];
};

/** The original as it was, whoever had it meanwhile. */
const asItWas = async (lab: Lab, story: Story): Promise<readonly string[]> => {
  const { original } = story;
  if (original?.state !== "running") return [`the original is ${original?.state ?? "gone"}`];
  return [
    ...missingAt(lab, original),
    ...lostWrites(lab),
    ...(await wrongMembers(lab, original)),
    ...openIntents(story, ["UNDONE"]),
    ...Object.keys(original.tags)
      .filter((key) => key === "ManagedBy" || key.startsWith("spot-optimizer:"))
      .map((key) => `the tag ${key} is left on the original`),
    ...story.replacements
      .filter(({ state }) => state !== "terminated" && state !== "shutting-down")
      .map(({ instanceId, state }) => `the replacement ${instanceId} is ${state}`),
  ];
};

const untouched: ReadonlySet<string> = new Set([
  "REFUSED",
  "SHADOWED",
  "APPROVAL_REQUIRED",
  "DEGRADED",
]);

const byStatus = (lab: Lab, story: Story): Promise<readonly string[]> => {
  switch (story.status) {
    case "SWITCHED":
      return afterSwitch(lab, story);
    case "ROLLED_BACK":
    case "STAYED":
    case "REFUSED":
    case "SHADOWED":
    case "APPROVAL_REQUIRED":
    case "DEGRADED":
      return asItWas(lab, story);
    default:
      return Promise.resolve([
        `it ended ${story.status}: ${story.evaluation.outcome?.sentence ?? ""}`,
      ]);
  }
};

/** Empty when it ended well: switched, or everything as it was; at no instant was anything in danger. */
export const complaintsAbout = async (lab: Lab, story: Story): Promise<readonly string[]> => [
  ...lab.watch.broken,
  ...(await byStatus(lab, story)),
  ...(untouched.has(story.status) && story.mutations.some(({ hadEffect }) => hadEffect)
    ? [`${story.status} after ${story.mutations.map(({ operation }) => operation).join()}`]
    : []),
  ...story.orphans.map(({ kind, id }) => `orphan: ${kind} ${id}`),
  ...(story.isLeaseHeld ? ["the lease is still held"] : []),
  ...story.leaks,
];
