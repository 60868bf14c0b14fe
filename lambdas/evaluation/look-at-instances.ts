/** Looks closely at instances that would switch by the lists of their place: all that their workflow would read of them, and that no list tells. */
import { describeImages } from "../../adapters/aws/ec2/describe.ts";
import { readProtections, type InstanceParts } from "../../adapters/aws/ec2/instances.ts";
import { readPartsOfMany } from "../../adapters/aws/fleet/parts.ts";
import { remembering } from "../../adapters/aws/remembering.ts";
import type { InstanceLook } from "../../core/model/close-look.ts";
import type { DeploymentId } from "../../core/model/ids.ts";
import type { InstanceFacts } from "../../core/model/instance.ts";
import type { InstanceTypeFacts } from "../../core/model/market.ts";
import { instanceIn, type PlaceReading } from "../../core/model/place-reading.ts";
import { deploymentTag, managedByTag, targetTag } from "../../core/model/tags.ts";
import type { Target, TargetOf } from "../../core/model/target.ts";
import type { Policy } from "../../core/policy/policy.ts";
import type { CustomerClients } from "../runtime/context.ts";
import type { EbsPlace } from "./ebs-standing.ts";
import { gatherInstanceLaunch } from "./instance-launch.ts";
import { gatherCommands, withSurroundings } from "./instance-surroundings.ts";

export const lookClients = ["classicElb", "ec2", "elb", "kms", "serviceQuotas", "ssm"] as const;
type LookClients = Pick<CustomerClients, (typeof lookClients)[number]>;

export interface LooksAsked {
  readonly clients: LookClients;
  readonly place: EbsPlace;
  readonly reading: PlaceReading;
  readonly deploymentId: DeploymentId;
  /** Of the region's market. */
  readonly types: readonly InstanceTypeFacts[];
  /** Those that are to be looked at. */
  readonly targets: readonly TargetOf<"LINEAR">[];
}

/** Each question is asked once, for however many instances: target groups, keys, documents. */
const askingOnce = (clients: LookClients): LookClients => ({
  classicElb: remembering(clients.classicElb),
  ec2: remembering(clients.ec2),
  elb: remembering(clients.elb),
  kms: remembering(clients.kms),
  serviceQuotas: remembering(clients.serviceQuotas),
  ssm: remembering(clients.ssm),
});

/** Of what a dry run would make: there is no evaluation to name. */
export const tagsFor = (
  { targetId }: Pick<Target, "targetId">,
  deploymentId: DeploymentId,
): Readonly<Record<string, string>> => ({
  [managedByTag.key]: managedByTag.value,
  [targetTag]: targetId,
  [deploymentTag]: deploymentId,
});

const isNew = (known: readonly string[] | undefined) => (id: string) =>
  known === undefined || !known.includes(id);

const unreadOf = (
  {
    domainJoined,
    directoryDomain,
    targetGroups,
    classicLoadBalancers,
    placementGroup,
  }: InstanceFacts,
  protections: Pick<InstanceFacts, "disableApiTermination" | "disableApiStop">,
): InstanceLook["instance"] => ({
  ...protections,
  domainJoined,
  targetGroups,
  ...(directoryDomain !== undefined && { directoryDomain }),
  ...(classicLoadBalancers !== undefined && { classicLoadBalancers }),
  ...(placementGroup !== undefined && { placementGroup }),
});

export interface Looks {
  /**
   * Three calls where nothing hangs on it that no other has asked for: two attributes and a dry run. That one draws on the bucket of
   * RunInstances, which is small: who looks at many takes his time. Undefined: EC2 no longer shows it.
   * @throws what a call throws: nothing is known of it then
   */
  readonly at: (target: TargetOf<"LINEAR">, policy: Policy) => Promise<InstanceLook | undefined>;
}

/** Reads what the dry runs are made of, by three calls for each 200 instances and one for their images. */
export const openLooks = async (asked: LooksAsked): Promise<Looks> => {
  const { place, reading, deploymentId, types, targets } = asked;
  const clients = askingOnce(asked.clients);
  const parts: ReadonlyMap<string, InstanceParts> = await readPartsOfMany(
    clients.ec2,
    targets.map(({ instanceId }) => instanceId),
  );
  const imageIds = [...parts.values()].flatMap(({ instance }) => instance.ImageId ?? []);
  const images = new Map(
    (await describeImages(clients.ec2, [...new Set(imageIds)].sort())).map((image) => [
      image.ImageId,
      image,
    ]),
  );
  return {
    at: async (target, policy) => {
      const listed = instanceIn(reading, target.instanceId);
      const own = parts.get(target.instanceId);
      if (listed === undefined || own === undefined) return undefined;
      const protections = await readProtections(clients.ec2, own.instance);
      const found = await withSurroundings(clients, {
        ...listed,
        ...protections,
        targetGroups: [],
      });
      const commands = await gatherCommands(clients, target.instanceId, policy);
      const { instance, launch } = await gatherInstanceLaunch(
        {
          clients,
          place,
          policy,
          isShadowMode: target.isShadowMode,
          tags: tagsFor(target, deploymentId),
        },
        {
          instance: found,
          parts: own,
          image: images.get(listed.imageId),
          originalType: types.find(({ instanceType }) => instanceType === listed.instanceType),
        },
      );
      return {
        readAt: place.now.toISOString(),
        launchedAt: listed.launchedAt,
        state: listed.state,
        instance: unreadOf(instance, protections),
        unenrolled: (instance.unenrolled ?? []).filter(isNew(listed.unenrolled)),
        launch,
        ...(commands !== undefined && { commands }),
      };
    },
  };
};
