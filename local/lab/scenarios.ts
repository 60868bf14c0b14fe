/** Instances with everything that can travel, and ways to let something happen in the middle of a switch. */
import { retireAfterTag } from "../../core/model/tags.ts";
import type { FunctionName } from "../../lambdas/access/functions.ts";
import { isDryRun } from "../cloud/journal.ts";
import type { FaultCall } from "../cloud/faults.ts";
import { currentInvocation, type Invocation } from "../platform/invocation.ts";
import type { Ending, Lab } from "./contract.ts";
import { accountId, createLab, region, type LabOptions } from "./lab.ts";
import { isMutation } from "./harm.ts";

/** Each the other way than EC2's defaults: what is copied or left to a default shows. */
const ofOwner = {
  rootDeleteOnTermination: false,
  primaryInterfaceDeleteOnTermination: false,
  secondaryInterfacesDeleteOnTermination: true,
  // His own tool's, and one that an earlier deployment left.
  tags: { Name: "web", ManagedBy: "platform-team", "spot-optimizer:deployment": "dpl-earlier" },
} as const;

/** Elastic IPs, a secondary interface, a secondary private address, a target group; data volumes where they travel. */
export const rich = {
  stateless: {
    consistency: "stateless",
    targetGroup: true,
    instance: {
      ...ofOwner,
      secondaryInterfaces: 1,
      secondaryPrivateIps: 1,
      elasticIpOnSecondary: true,
    },
  },
  "stop-and-image": {
    consistency: "stop-and-image",
    targetGroup: true,
    instance: {
      ...ofOwner,
      secondaryInterfaces: 1,
      secondaryPrivateIps: 1,
      elasticIpOnSecondary: true,
      dataVolumes: [{ sizeGib: 20, deleteOnTermination: true }],
    },
  },
  "move-volumes": {
    consistency: "move-volumes",
    targetGroup: true,
    instance: {
      ...ofOwner,
      secondaryInterfaces: 1,
      secondaryPrivateIps: 1,
      elasticIpOnSecondary: true,
      dataVolumes: [{ sizeGib: 20, deleteOnTermination: true }, { sizeGib: 8 }],
    },
  },
  "move-root-volume": {
    policy: { root_transfer: "move-root-volume" },
    targetGroup: true,
    instance: {
      ...ofOwner,
      secondaryInterfaces: 1,
      secondaryPrivateIps: 1,
      elasticIpOnSecondary: true,
      dataVolumes: [{ sizeGib: 20, deleteOnTermination: true }],
    },
  },
  relaunch: {
    policy: { root_transfer: "relaunch" },
    maxReplacements: 2,
    instance: { ...ofOwner, dataVolumes: [{ sizeGib: 20, deleteOnTermination: true }] },
  },
} as const satisfies Readonly<Record<string, LabOptions>>;

/** All that can travel after the end of a Spot Instance: not what is on its primary interface, which ends with it. */
/** A stateless one that has nothing which would end with a Spot Instance: an address beside the first on the primary interface does. */
export const lossy = {
  ...rich.stateless,
  instance: { ...rich.stateless.instance, secondaryPrivateIps: 0 },
} as const satisfies LabOptions;

export const richOnSpot = {
  "stop-and-image": {
    ...rich["stop-and-image"],
    instance: { ...rich["stop-and-image"].instance, secondaryPrivateIps: 0 },
  },
  "move-volumes": {
    ...rich["move-volumes"],
    instance: { ...rich["move-volumes"].instance, secondaryPrivateIps: 0 },
  },
  "move-root-volume": {
    ...rich["move-root-volume"],
    instance: { ...rich["move-root-volume"].instance, secondaryPrivateIps: 0 },
  },
} as const satisfies Readonly<Record<string, LabOptions>>;

/** An Elastic IP and a data volume: what most instances have. */
export const plain: LabOptions = { instance: { dataVolumes: [{ sizeGib: 20 }] } };

export interface Step {
  /** From 1: which of the mutating calls of an undisturbed run. */
  readonly nth: number;
  readonly operation: string;
}

/** The mutating calls of an undisturbed run, in order: the instants at which something can happen. */
export const stepsOf = async (
  options: LabOptions,
  create: typeof createLab = createLab,
): Promise<readonly Step[]> => {
  const lab = await create({ ...options, undisturbedUntil: "END" });
  const { status, mutations } = await lab.run();
  if (status !== "SWITCHED" && status !== "FELL_BACK")
    throw new Error(`An undisturbed run ended ${status}.`);
  return mutations.map(({ operation }, index) => ({ nth: index + 1, operation }));
};

/** These bring clients to the replacement, where an earlier call took the part from the original. */
const reaching: ReadonlySet<string> = new Set([
  "AttachNetworkInterface",
  "AssignPrivateIpAddresses",
  "RegisterTargets",
  "AssociateAddress",
]);

/** Of a stateful load: has a part that clients follow reached the replacement right after the nth call? */
export const hasServedAfter = (steps: readonly Step[], nth: number): boolean =>
  steps.some((step) => step.nth <= nth && reaching.has(step.operation));

export type Moment = "before" | "after";

/** Lets something happen right before or after the nth mutating call, once. */
export const at = (
  lab: Lab,
  { nth }: Pick<Step, "nth">,
  happens: { readonly when: Moment; readonly what: (call: FaultCall) => void | Promise<void> },
): void => {
  const isOurs = isMutation(accountId);
  let count = 0;
  lab.platform.cloud.faults[happens.when]((call) => {
    if (!isOurs(call) || call.caller.sessionName?.startsWith("evl-") !== true) return undefined;
    count += 1;
    return count === nth ? happens.what(call) : undefined;
  });
};

type Which = string | ((call: FaultCall) => boolean);

/** Tags that such a call writes or takes away; none where it is another one. */
export const tagKeysIn = ({ input }: Pick<FaultCall, "input">): readonly string[] => {
  const { Tags: tags = [] } = input as { readonly Tags?: readonly { readonly Key?: string }[] };
  return tags.map(({ Key: key = "" }) => key);
};

/** Of several calls that tag an original the one that marks it for its end. */
export const isRetirement = (call: Pick<FaultCall, "operation" | "input">): boolean =>
  call.operation === "CreateTags" && tagKeysIn(call).includes(retireAfterTag);

/** At the first call of that name, or of that kind. A dry run is none. */
export const atFirst = (
  lab: Lab,
  which: Which,
  happens: { readonly when: Moment; readonly what: () => void | Promise<void> },
): void => {
  let isDone = false;
  lab.platform.cloud.faults[happens.when]((call) => {
    const isIt = typeof which === "string" ? call.operation === which : which(call);
    if (isDone || !isIt || call.caller.accountId !== accountId) return undefined;
    if (isDryRun(call.service, call.input)) return undefined;
    isDone = true;
    return happens.what();
  });
};

/** Each time, at the first call of that function: it has read nothing of the world before. */
export const eachTimeItBegins = (lab: Lab, name: FunctionName, what: () => unknown): void => {
  const seen = new WeakSet<Invocation>();
  lab.platform.cloud.faults.before(async () => {
    const invocation = currentInvocation();
    if (invocation?.name !== name || seen.has(invocation)) return;
    seen.add(invocation);
    await what();
  });
};

/** The first time alone. */
export const whenItBegins = (lab: Lab, name: FunctionName, what: () => unknown): void => {
  let isDone = false;
  eachTimeItBegins(lab, name, async () => {
    if (isDone) return;
    isDone = true;
    await what();
  });
};

/** The customer's own administrator calls EC2. */
export const asOwner = (
  lab: Pick<Lab, "platform">,
  service: "ec2" | "elasticloadbalancing" = "ec2",
): ((operation: string, input: unknown) => Promise<unknown>) => {
  const { cloud } = lab.platform;
  const { accessKeyId } = cloud.identities.addUser({ accountId, name: "administrator" });
  return (operation, input) => cloud.call({ service, operation, region, accessKeyId, input });
};

export const actionsOf = ({ effects }: Ending): readonly string[] =>
  effects.map(({ action }) => action);

/** As a person does who has seen to the cause of a roll-back. @throws Error where the API refuses */
export const letSwitchesBegin = async (lab: Lab): Promise<void> => {
  const body = { halted: false, reason: "The cause was seen to." };
  const { status } = await lab.send("PUT", `/accounts/${accountId}/switching`, body);
  if (status !== 200) throw new Error(`The account stays halted: ${String(status)}.`);
};

/** Throws the global kill switch, as an operator would. */
export const throwKillSwitch = async (lab: Lab): Promise<void> => {
  const { status } = await lab.send("PUT", "/kill-switch", { engaged: true, reason: "drill" });
  if (status !== 200) throw new Error(`The kill switch answered ${String(status)}.`);
};
